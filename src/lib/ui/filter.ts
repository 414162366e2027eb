import { mtmChips } from '$lib/domain/mtm_filter';
import { listedChips } from '$lib/domain/recommendation_table';
import { ageBands, type PopulationKey } from '$lib/domain/population';
import { notStated } from '$lib/domain/reviewed_people';
import { day, statusWords } from '$lib/domain/wording';

/** One value that a filter can take: its key in the address, the value, and the words for it. */
export type FilterOption = { key: string; value: string; label: string };

export type FilterField = {
	key: PopulationKey;
	label: string;
	kind: 'choice' | 'one' | 'range' | 'days';
	unit?: string;
};

/** The filters of the address, with the words people read. */
export const filterFields: readonly FilterField[] = [
	{ key: 'status', label: 'Status', kind: 'choice' },
	{ key: 'pharm', label: 'Pharmacy', kind: 'choice' },
	{ key: 'plan', label: 'Plan', kind: 'choice' },
	{ key: 'contract', label: 'Contract', kind: 'choice' },
	{ key: 'presc', label: 'Prescriber', kind: 'choice' },
	{ key: 'age', label: 'Age', kind: 'choice' },
	{ key: 'sex', label: 'Sex', kind: 'choice' },
	{ key: 'lang', label: 'Language', kind: 'choice' },
	{ key: 'zip3', label: 'ZIP, first three', kind: 'choice' },
	{ key: 'counted', label: 'In the measure', kind: 'one' },
	{ key: 'pdc', label: 'PDC to date', kind: 'range', unit: '%' },
	{ key: 'adr', label: 'Days left to lose', kind: 'range', unit: 'days' },
	{ key: 'late', label: 'Days late', kind: 'range', unit: 'days' },
	{ key: 'lid', label: 'Last useful fill', kind: 'days' }
];

/** Options that are the same in every project; plans, pharmacies and the like come from the data. */
export const fixedOptions: readonly FilterOption[] = [
	...Object.entries(statusWords).map(([value, label]) => ({ key: 'status', value, label })),
	...ageBands.map((value) => ({ key: 'age', value, label: value.replace('-', ' to ').replace('85+', '85 and over') })),
	{ key: 'counted', value: 'yes', label: 'Counted' },
	{ key: 'counted', value: 'no', label: 'Left out' }
];

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** The words for a value: a language code becomes its name. */
export function optionLabel(option: FilterOption): string {
	if (option.key !== 'lang' || !/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(option.value)) return option.label;
	return languages.of(option.value) ?? option.label;
}

/** A filter of the address in words, with the values that the data does not have. */
export function filterText(
	key: PopulationKey,
	value: string,
	options: readonly FilterOption[]
): { label: string; text: string; unknown: string[] } {
	const field = filterFields.find((one) => one.key === key);
	const label = field?.label ?? key;
	if (field && (field.kind === 'range' || field.kind === 'days')) {
		const [from = '', to = ''] = value.includes('..') ? value.split('..') : [value, value];
		const say = (part: string) => (field.kind === 'days' ? day(part) : part.replace('-', '\u2212'));
		const unit = field.unit ? (field.unit === '%' ? '%' : ` ${field.unit}`) : '';
		// "..79.99" is how an address says "below 80".
		const below = /^\d+\.99$/.test(to) ? `below ${Math.ceil(Number(to))}${unit}` : null;
		const text =
			from === ''
				? (below ?? `up to ${say(to)}${unit}`)
				: to === ''
					? `${say(from)}${unit} and over`
					: from === to
						? `${say(from)}${unit}`
						: below
							? `${say(from)} to ${below}`
							: `${say(from)} to ${say(to)}${unit}`;
		return { label, text, unknown: [] };
	}
	const found = [...fixedOptions, ...options];
	const values = value
		.split(/(?<!,),(?!,)/)
		.map((part) => part.replaceAll(',,', ','))
		.filter(Boolean);
	const name = (part: string) => found.find((option) => option.key === key && option.value === part);
	const labelOf = (part: string) => {
		const option = name(part);
		return option ? optionLabel(option) : part === notStated ? 'not stated' : part;
	};
	const plain = (part: string) =>
		(part.startsWith('!') ? part.slice(1) : part).replaceAll(key === 'status' ? '-' : '\0', '_');
	return {
		label,
		text: values.map((part) => `${part.startsWith('!') ? 'not ' : ''}${labelOf(plain(part))}`).join(', '),
		unknown: values.map(plain).filter((part) => !name(part))
	};
}

/** What other words of an address are called. */
const otherWords: Record<string, string> = {
	asof: 'As of',
	cmp: 'Compared with',
	dir: 'Direction',
	known: 'Received by load',
	list: 'List',
	measure: 'Measure',
	sort: 'Order',
	tab: 'Tab',
	unit: 'By',
	y: 'Measurement year'
};

/** The words of an address as people read them, filters with the names of their values. */
export function wordsText(words: string, options: readonly FilterOption[]): string {
	const given = new URLSearchParams(words);
	const chips = [...mtmChips(given), ...listedChips(given, true)];
	const keys: readonly string[] = filterFields.map(({ key }) => key);
	return [...new Set(given.keys())]
		.map((key) => {
			const value = given.getAll(key).join(',');
			if (keys.includes(key)) {
				const { label, text } = filterText(key as PopulationKey, value, options);
				return `${label}: ${text}`;
			}
			const chip = chips.find((one) => one.key === key);
			if (chip) return `${chip.label}: ${chip.text}`;
			const name = options.find((one) => one.key === key && one.value === value)?.label;
			const column = key === 'sort' ? filterFields.find((field) => field.key === value)?.label : undefined;
			return `${otherWords[key] ?? key}: ${name ?? column ?? value}`;
		})
		.join('; ');
}
