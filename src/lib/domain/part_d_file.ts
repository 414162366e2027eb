/** An element of the CMS Part D MTM beneficiary file, a row of data/reference/part_d_element.csv. */
export type Element = {
	place: number;
	letter: string;
	field: string;
	title: string;
	form: string;
	most_characters: number;
	is_required: boolean;
	/** Where the element, its letter and its form are from. */
	source: string;
};

/** What may stand between two elements of a line; the file is not written when a value holds it. */
export const separators = { tab: '\t', pipe: '|', comma: ',' } as const;
export type Separator = keyof typeof separators;

/** True for the name of a separator. */
export const isSeparator = (text: string): text is Separator => Object.hasOwn(separators, text);

const written: Record<string, (value: unknown) => string> = {
	text: (value) => String(value).trim(),
	code: (value) => String(value).trim(),
	number: (value) => String(value),
	yyyymmdd: (value) => String(value).slice(0, 10).replaceAll('-', ''),
	// Through 2021 the criteria were asked without the at-risk programme: 01 and 03 meet them.
	met_y_n: (value) => (['01', '03'].includes(String(value)) ? 'Y' : 'N'),
	y_n: (value) => (value ? 'Y' : 'N'),
	y_n_u: (value) => (value ? 'Y' : 'N')
};

/** One element's text; nothing for a value that is not known, but U where the element has a letter for it. Throws on a form that nobody described. */
export function elementText({ field, form }: Element, value: unknown): string {
	const write = written[form];
	if (!write) throw new Error(`data/reference/part_d_element.csv: ${field} has the form "${form}", which is not known`);
	if (value === null || value === undefined) return form === 'y_n_u' ? 'U' : '';
	return write(value);
}

/** One line of the file without its end: the elements in their order, each as long as its value. Throws where a value would break the line or its length. */
export function fileLine(elements: Element[], row: Record<string, unknown>, separator: Separator): string {
	return elements
		.map((element) => {
			if (!(element.field in row))
				throw new Error(`data/reference/part_d_element.csv names "${element.field}", which no row has`);
			const text = elementText(element, row[element.field]);
			if (text.includes(separators[separator]) || /[\r\n]/.test(text))
				throw new Error(`element ${element.letter} (${element.title}) holds the ${separator} that ends it`);
			return text;
		})
		.join(separators[separator]);
}
