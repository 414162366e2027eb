import rules from './r4.json' with { type: 'json' };

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Element = { [key: string]: Json };
type TypeName = keyof typeof rules.types;

const isElement = (value: Json | undefined): value is Element =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const elements = (value: Json | undefined): Element[] => (Array.isArray(value) ? value.filter(isElement) : []);
const isType = (name: string): name is TypeName => Object.hasOwn(rules.types, name);

const written: Record<string, 'number' | 'boolean'> = {
	integer: 'number',
	unsignedInt: 'number',
	decimal: 'number',
	boolean: 'boolean'
};

/** What is wrong with a primitive value. */
function primitive(value: Json, type: string, at: string): string[] {
	const form = rules.primitives[type as keyof typeof rules.primitives];
	if (form === undefined) return [`${at}: the type ${type} is not held here`];
	const kind = written[type] ?? 'string';
	if (typeof value !== kind) return [`${at}: a ${typeof value} for a ${type}`];
	return new RegExp(`^(${form})$`).test(String(value)) ? [] : [`${at}: "${String(value)}" is no ${type}`];
}

/** What is wrong with the codes of an element that is bound to a value set; an extensible set is taken as a required one. */
function codes(value: Json, set: string, at: string): string[] {
	const known = rules.valueSets[set as keyof typeof rules.valueSets];
	if (typeof value === 'string')
		return known.some((one) => one.endsWith(`|${value}`)) ? [] : [`${at}: "${value}" is not in ${set}`];
	const codings = isElement(value) ? elements(value.coding) : [];
	return codings.some((one) => known.includes(`${String(one.system)}|${String(one.code)}`))
		? []
		: [`${at}: no code of ${set}`];
}

/** The same of the element at `path` of a type: everything in it that is known, as often as may be, of its type. */
function inside(value: Element, type: TypeName, path: string, at: string): string[] {
	const all = rules.types[type] as Record<string, string>;
	const below = path === '' ? '' : `${path}.`;
	const own = Object.keys(all).filter((key) => key.startsWith(below) && !key.slice(below.length).includes('.'));
	const found = Object.keys(value)
		.filter((key) => key !== 'resourceType' && !own.includes(below + key))
		.map((key) => `${at}.${key}: there is no such element`);
	if (!Object.keys(value).length) found.push(`${at}: an element may not be empty`);
	for (const key of own) {
		const name = key.slice(below.length);
		const here = `${at}.${name}`;
		const [, least, most, kind, set] = /^(\d)\.\.(\S) (\S+)(?: (\S+))?$/.exec(all[key]!)!;
		const given = value[name];
		if (given === undefined) {
			if (least !== '0') found.push(`${here}: is missing`);
			continue;
		}
		if (Array.isArray(given) !== (most === '*')) {
			found.push(`${here}: ${most === '*' ? 'no list' : 'a list'}`);
			continue;
		}
		if (Array.isArray(given) && !given.length) found.push(`${here}: a list may not be empty`);
		for (const [place, one] of (Array.isArray(given) ? given : [given]).entries()) {
			const there = most === '*' ? `${here}[${place}]` : here;
			if (kind === 'Resource') found.push(...resource(one, there));
			else if (kind === 'BackboneElement' && isElement(one)) found.push(...inside(one, type, key, there));
			else if (isType(kind!) && isElement(one))
				found.push(...inside(one, kind, '', there), ...invariants(one, kind, there));
			else found.push(...primitive(one, kind!, there));
			if (set) found.push(...codes(one, set, there));
		}
	}
	return found;
}

/** The invariants of the specification that can be broken by what these resources have: by their keys. */
function invariants(value: Element, type: TypeName, at: string): string[] {
	const broken: string[] = [];
	const must = (key: string, holds: boolean) => {
		if (!holds) broken.push(`${at}: ${key}`);
	};
	const has = (one: Element, ...names: string[]) => names.some((name) => one[name] !== undefined);
	if (type === 'Quantity') must('qty-3', !has(value, 'code') || has(value, 'system'));
	if (type === 'Period') must('per-1', !value.start || !value.end || value.start <= value.end);
	if (type === 'MeasureReport') {
		must('mrp-1', value.type !== 'data-collection' || !has(value, 'group'));
		const strata = elements(value.group).flatMap((group) =>
			elements(group.stratifier).flatMap((one) => elements(one.stratum))
		);
		must(
			'mrp-2',
			strata.every((one) => has(one, 'value') !== has(one, 'component'))
		);
	}
	if (type === 'Bundle') {
		const entries = elements(value.entry);
		const of = (...types: string[]) => types.includes(String(value.type));
		must('bdl-1', !has(value, 'total') || of('searchset', 'history'));
		must('bdl-2', of('searchset') || !entries.some((entry) => has(entry, 'search')));
		const asks = of('batch', 'transaction', 'history');
		must(
			'bdl-3',
			entries.every((entry) => has(entry, 'request') === asks)
		);
		const answers = of('batch-response', 'transaction-response', 'history');
		must(
			'bdl-4',
			entries.every((entry) => has(entry, 'response') === answers)
		);
		must(
			'bdl-5',
			entries.every((entry) => has(entry, 'resource', 'request', 'response'))
		);
		const urls = entries.flatMap((entry) => (has(entry, 'fullUrl') ? [String(entry.fullUrl)] : []));
		must('bdl-7', of('history') || new Set(urls).size === urls.length);
		must('bdl-8', !urls.some((url) => url.includes('/_history/')));
	}
	return broken;
}

function resource(value: Json, at: string): string[] {
	if (!isElement(value)) return [`${at}: no resource`];
	const type = String(value.resourceType);
	if (!isType(type)) return [`${at}: the resource ${type} is not held here`];
	return [...inside(value, type, '', at), ...invariants(value, type, at)];
}

/**
 * What FHIR R4 finds wrong with a Bundle of MeasureReports, each with its place: elements that are not known, too few or too many of one, types, forms of
 * primitives, value sets and invariants. Source: r4.json, cut from the specification's own definitions.
 */
export const problemsOf = (bundle: unknown): string[] => resource(bundle as Json, 'Bundle');
