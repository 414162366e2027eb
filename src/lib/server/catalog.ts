import { sqlFiles, type SqlFile } from './sql';

/** What stands in the first comment of a SQL file: a sentence, or fields such as Question and Source. */
export type Card = { sentence: string; fields: Record<string, string> };

/** One parameter of a panel: `-- $measure varchar optional: the measure's id`. */
export type PanelParameter = { name: string; type: string; optional: boolean; meaning: string };

/** What the rows of a panel are about: persons, counts of them, no person at all, or keys of a person that never leave the server. */
const about = ['patients', 'counts', 'reference', 'keys'] as const;

export type Panel = {
	name: string;
	sentence: string;
	sql: string;
	parameters: PanelParameter[];
	about: (typeof about)[number];
	/** The column that holds the day from which the other days of its row are numbered; null when days become years. */
	indexDay: string | null;
};

/** A field of a measure's card may stand for many measures; `{title}` and the like are filled in for each. */
export type Measure = {
	id: string;
	title: string;
	topic: string;
	question: string;
	counts: string;
	denominator: string;
	numerator: string;
	leftOut: string;
	unit: string;
	better: string;
	source: string;
	limits: string;
	sql: string;
	path: string;
	/** Facts of the family's row, such as the threshold; empty for a measure of its own. */
	facts: Record<string, unknown>;
};

/** Reads the first comment of a SQL file. A line `Name: text` opens a field; a line indented by two more blanks goes on with it. */
export function readCard(text: string): Card {
	const fields: Record<string, string> = {};
	let open = '';
	let sentence = '';
	for (const line of text.split('\n')) {
		if (!line.startsWith('--')) break;
		const words = line.slice(2).replace(/^ /, '');
		const field = /^([A-Z][A-Za-z ]*): (.*)$/.exec(words);
		if (words.startsWith('$')) open = '$';
		else if (field) {
			open = field[1]!;
			fields[open] = field[2]!.trim();
		} else if (open && open !== '$' && words.startsWith('  ')) fields[open] += ` ${words.trim()}`;
		else if (!open && words.trim()) sentence += (sentence ? ' ' : '') + words.trim();
	}
	return { sentence, fields };
}

/** A panel of sql/panels: its card and its select. Throws when the card does not say what its rows are about. */
export function readPanel(file: SqlFile): Panel {
	const parameters = [...file.text.matchAll(/^-- \$(\w+) ([a-z]+(?:\[\])?)( optional)?(?:: (.*))?$/gm)].map(
		([, name, type, optional, meaning]) => ({
			name: name!,
			type: type!,
			optional: Boolean(optional),
			meaning: meaning ?? ''
		})
	);
	const { sentence, fields } = readCard(file.text);
	const rows = about.find((one) => one === fields.Rows);
	if (!rows) throw new Error(`${file.path}: the card does not say what its rows are about (Rows: ${about.join(', ')})`);
	return { name: file.name, sentence, sql: file.text, parameters, about: rows, indexDay: fields['Index day'] ?? null };
}

const fill = (text: string, facts: Record<string, unknown>) =>
	text.replace(/\{(\w+)\}/g, (whole, key: string) =>
		facts[key] === undefined || facts[key] === null ? whole : String(facts[key])
	);

/**
 * Every measure the cards define. A card with `Family: adherence` stands for one measure for each of `family` (rows of
 * adherence_measure, and the same in pharmacy view); any other card is the measure named by its file.
 * Throws with file and field when a card lacks one: that is a fault of ours.
 */
export function measuresOf(family: Record<string, unknown>[], files = sqlFiles('measures')): Measure[] {
	return files.flatMap((file) => {
		const { fields } = readCard(file.text);
		const need = (field: string) => {
			const text = fields[field];
			if (!text) throw new Error(`${file.path}: the card has no "${field}"`);
			return text;
		};
		const measure = (id: string, facts: Record<string, unknown>): Measure => ({
			id,
			title: fill(need('Title'), facts),
			topic: need('Topic'),
			question: fill(need('Question'), facts),
			counts: fill(need('Counts'), facts),
			denominator: fill(need('Denominator'), facts),
			numerator: fill(need('Numerator'), facts),
			leftOut: fill(need('Left out'), facts),
			unit: need('Unit'),
			better: need('Better'),
			source: fill(need('Source'), facts),
			limits: fill(need('Limits'), facts),
			sql: file.text,
			path: file.path,
			facts
		});
		return fields.Family ? family.map((facts) => measure(String(facts.measure), facts)) : [measure(file.name, {})];
	});
}
