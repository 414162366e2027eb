import type { Element } from '$lib/domain/ecareplan/element';
import { UnreadablePlan } from './document';

const element = (name: string, value: string | null, line: number): Element => ({
	name,
	value,
	line,
	children: [],
	isRead: false
});

/** One parsed document of FHIR XML; throws `UnreadablePlan` with its line when it is not well-formed or not FHIR. */
export async function readXml(written: string): Promise<Element> {
	// As the parser counts: line ends as one sign.
	const text = written.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
	const { parseXml, XmlElement, XmlError } = await import('@rgrove/parse-xml');
	type Node = InstanceType<typeof XmlElement>;
	const starts = lineStarts(text);
	let root: Node;
	try {
		const { root: found } = parseXml(text, { includeOffsets: true });
		if (!found) throw new UnreadablePlan('it holds no element', 1);
		root = found;
	} catch (cause) {
		// The parser's own message quotes the file, and that is a patient's.
		if (cause instanceof XmlError) throw new UnreadablePlan('it is not well-formed XML', cause.line);
		throw cause;
	}
	if (root.attributes.xmlns !== 'http://hl7.org/fhir')
		throw new UnreadablePlan(
			root.name === 'ClinicalDocument'
				? 'it is a C-CDA document; the pharmacist care plan is read in its FHIR form'
				: `its first element <${root.name.slice(0, 40)}> is not of FHIR`,
			1
		);
	const of = (node: Node): Element => {
		const line = lineAt(starts, node.start);
		const made = element(node.name, node.attributes.value ?? null, line);
		for (const [name, value] of Object.entries(node.attributes))
			if (name === 'url' || name === 'id') made.children.push(element(name, value, line));
		if (node.name === 'div') made.value = '';
		else for (const child of node.children) if (child instanceof XmlElement) made.children.push(of(child));
		if (node.name === 'div' && node.text.trim()) made.value = node.text.trim();
		return made;
	};
	return of(root);
}

/** One parsed document of FHIR JSON that begins on a line of its file; throws `UnreadablePlan` with its line when it is broken or not FHIR. */
export async function readJson(written: string, firstLine = 1): Promise<Element> {
	const text = written.replace(/^\uFEFF/, '');
	const { parse } = await import('@humanwhocodes/momoa');
	type Document = ReturnType<typeof parse>;
	type Value = Document['body'];
	let body: Value;
	try {
		body = parse(text).body;
	} catch (cause) {
		const { line } = cause as { line?: number };
		if (typeof line !== 'number') throw cause;
		throw new UnreadablePlan('it is not well-formed JSON', firstLine - 1 + line);
	}
	const lineOf = (value: Value) => firstLine - 1 + value.loc.start.line;
	const typeOf = (value: Value): string | null => {
		if (value.type !== 'Object') return null;
		const found = value.members.find((each) => each.name.type === 'String' && each.name.value === 'resourceType');
		return found?.value.type === 'String' ? found.value.value : null;
	};
	const fill = (made: Element, value: Value): void => {
		switch (value.type) {
			case 'Object':
				for (const { name, value: inner } of value.members) {
					const key = name.type === 'String' ? name.value : '';
					if (key === 'resourceType') continue;
					// _birthDate holds what belongs to the primitive birthDate beside its value.
					const plain = key.replace(/^_/, '');
					const values = inner.type === 'Array' ? inner.elements.map((each) => each.value) : [inner];
					for (const each of values) {
						if (each.type === 'Null') continue;
						made.children.push(wrapped(plain, each));
					}
				}
				break;
			case 'String':
			case 'Boolean':
				made.value = String(value.value);
				break;
			case 'Number':
				// As written: a decimal keeps its digits.
				made.value = text.slice(value.loc.start.offset, value.loc.end.offset);
				break;
		}
	};
	const wrapped = (name: string, value: Value): Element => {
		const made = element(name, null, lineOf(value));
		const type = typeOf(value);
		if (type) {
			const inner = element(type, null, lineOf(value));
			fill(inner, value);
			made.children.push(inner);
		} else fill(made, value);
		return made;
	};
	const type = typeOf(body);
	if (!type) throw new UnreadablePlan('it is JSON, but no FHIR resource (resourceType is missing)', lineOf(body));
	const root = element(type, null, lineOf(body));
	fill(root, body);
	return root;
}

/** The documents of NDJSON, one a line. */
export async function readNdjson(text: string): Promise<Element[]> {
	const found: Element[] = [];
	for (const [at, line] of text.split(/\r?\n/).entries())
		if (line.trim() !== '') found.push(await readJson(line, at + 1));
	return found;
}

const lineStarts = (text: string): number[] => {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
};

function lineAt(starts: number[], offset: number): number {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (starts[middle]! <= offset) low = middle;
		else high = middle - 1;
	}
	return low + 1;
}
