/** What is needed to bring a substance's name to the generic name: other names and spellings, words for salts. */
export type Names = {
	/** Another name, or a misspelling, to the name used here. */
	other: ReadonlyMap<string, string>;
	/** Words for salts, esters and water, dropped from the end of a name. */
	salts: ReadonlySet<string>;
};

const kindsOfInsulin = ['aspart', 'degludec', 'detemir', 'glargine', 'glulisine', 'lispro'];
const humanInsulin = ['human', 'regular', 'isophane', 'nph'];

/** What is left must name a drug: "potassium chloride" and "dimethyl fumarate" stay whole. */
const notAlone = new Set([
	'aluminum',
	'ammonium',
	'barium',
	'bismuth',
	'calcium',
	'chromium',
	'chromic',
	'copper',
	'cupric',
	'dimethyl',
	'dipotassium',
	'dipotassium hydrogen',
	'diroximel',
	'disodium',
	'disodium hydrogen',
	'ferric',
	'ferrous',
	'iron',
	'lanthanum',
	'magnesium',
	'manganese',
	'manganous',
	'monomethyl',
	'potassium',
	'potassium dihydrogen',
	'selenious',
	'silver',
	'sodium',
	'sodium dihydrogen',
	'stannous',
	'strontium',
	'trisodium',
	'zinc'
]);

/** The kind of insulin a name speaks of ("insulin glargine-yfgn" is "insulin glargine"), "insulin" when it does not say, null for other drugs. */
export function insulinName(name: string): string | null {
	if (!/\binsulin\b/.test(name)) return null;
	const kind = kindsOfInsulin.find((each) => name.includes(each));
	if (kind) return `insulin ${kind}`;
	return humanInsulin.some((each) => name.includes(each)) ? 'insulin human' : 'insulin';
}

/**
 * The ingredient at generic-name level, lower case, of a substance as a label or a file names it:
 * "ATORVASTATIN CALCIUM TRIHYDRATE" is "atorvastatin". Adherence shifts supply by this name (domain rule R8).
 */
export function ingredientName(substance: string, names: Names): string {
	let name = substance.toLowerCase().replace(/\s+/g, ' ').trim();
	const insulin = insulinName(name);
	if (insulin) return insulin;
	name = names.other.get(name) ?? name;
	for (;;) {
		const at = name.lastIndexOf(' ');
		if (at < 0 || !names.salts.has(name.slice(at + 1))) return name;
		const rest = name.slice(0, at).replace(/,$/, '');
		if (notAlone.has(rest)) return name;
		name = names.other.get(rest) ?? rest;
	}
}

/** The distinct ingredients of a product, sorted, from names parted by semicolons. */
export function ingredientNames(substances: string, names: Names): string[] {
	const each = substances
		.split(';')
		.map((substance) => substance.trim())
		.filter((substance) => substance !== '')
		.map((substance) => ingredientName(substance, names));
	return [...new Set(each)].sort();
}
