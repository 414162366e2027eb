import { literal, name } from '$lib/server/duckdb';
import type { IntakeColumn } from './table';

/** How one sender's columns, days and words differ from the contract's. */
export type Mapping = {
	/** The contract's column -> the sender's header. */
	columns?: Record<string, string>;
	/** How days are written (strptime), such as %m/%d/%Y; by column, or one for all. */
	dates?: string | Record<string, string>;
	/** The contract's column -> the sender's word -> the contract's word. */
	values?: Record<string, Record<string, string>>;
};

const isoDay = "'____-__-__'";
const isoInstant =
	"'[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?'";
const decimalType = 'decimal(18, 4)';

/** A text without what says a time zone: days and times stay as the sender's clock showed them. */
const withoutZone = (raw: string) =>
	`case when contains(${raw}, ':') then regexp_replace(${raw}, ' ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$', '') else ${raw} end`;

function wordCases(column: IntakeColumn, values: Record<string, string> | undefined): [string, string][] {
	const cases = new Map<string, string>();
	for (const [theirs, ours] of Object.entries(values ?? {})) cases.set(theirs.trim().toLowerCase(), ours);
	for (const [theirs, ours] of Object.entries(column.reads)) if (!cases.has(theirs)) cases.set(theirs, ours);
	for (const code of column.codes) {
		if (!cases.has(code.toLowerCase())) cases.set(code.toLowerCase(), code);
		// Spreadsheets cut the zero of codes such as 01.
		if (/^0[0-9]$/.test(code) && !cases.has(code.slice(1))) cases.set(code.slice(1), code);
	}
	return [...cases];
}

const kept: Record<string, (text: string) => string> = {
	'without dots': (text) => `upper(replace(${text}, '.', ''))`,
	'three digits': (text) =>
		`case when regexp_full_match(${text}, '[0-9]{1,2}') then lpad(${text}, 3, '0') else ${text} end`,
	'four digits': (text) =>
		`case when regexp_full_match(${text}, '[0-9]{1,3}') then lpad(${text}, 4, '0') else ${text} end`,
	'without a leading zero': (text) =>
		`case when length(${text}) = 4 and starts_with(${text}, '0') then ${text}[2:] else ${text} end`
};

/** The SQL that reads a trimmed text (null when empty) as the column's type; null where it cannot be read. */
export function typedSql(column: IntakeColumn, raw: string, mapping: Mapping = {}, day: string | null = null): string {
	const format = typeof mapping.dates === 'string' ? mapping.dates : mapping.dates?.[column.name];
	switch (column.type) {
		case 'varchar': {
			const cases = wordCases(column, mapping.values?.[column.name]);
			const words = cases.length
				? `case lower(${raw}) ${cases.map(([from, to]) => `when ${literal(from)} then ${literal(to)}`).join(' ')} else ${raw} end`
				: raw;
			return column.kept ? kept[column.kept]!(words) : words;
		}
		case 'date':
			if (format) return `try_cast(try_strptime(${raw}, ${literal(format)}) as date)`;
			return `case when ${raw} like ${isoDay} then try_cast(${raw} as date) when regexp_full_match(${raw}, ${isoInstant}) then try_cast(left(${raw}, 10) as date) end`;
		case 'decimal(18, 4)':
			return `try_cast(${raw} as ${decimalType})`;
		case 'integer':
			return `case when try_cast(${raw} as ${decimalType}) % 1 = 0 then try_cast(try_cast(${raw} as ${decimalType}) as integer) end`;
		case 'boolean': {
			const words = Object.entries(mapping.values?.[column.name] ?? {}).map(
				([from, to]) => `when ${literal(from.toLowerCase())} then ${/^(y|yes|true|1)$/i.test(to)}`
			);
			return `case lower(${raw}) ${words.join(' ')} when 'yes' then true when 'y' then true when 'true' then true when 't' then true when '1' then true when '1.0' then true when 'no' then false when 'n' then false when 'false' then false when 'f' then false when '0' then false when '0.0' then false end`;
		}
		case 'timestamp': {
			const instant = format
				? `coalesce(try_strptime(${raw}, ${literal(format)}), try_cast(${withoutZone(raw)} as timestamp))`
				: `try_cast(${withoutZone(raw)} as timestamp)`;
			const time = `coalesce(try_cast(${raw} as time), try_cast(try_strptime(${raw}, ['%I:%M %p', '%H:%M']) as time))`;
			return day ? `coalesce(${instant}, ${day} + ${time})` : instant;
		}
	}
}

const unreadable: Record<IntakeColumn['type'], string | null> = {
	varchar: null,
	date: 'unreadable_date',
	'decimal(18, 4)': 'not_a_number',
	integer: 'not_a_whole_number',
	boolean: 'not_yes_or_no',
	timestamp: 'unreadable_time'
};

/** The SQL cases that find what is wrong with a column: `raw` is its trimmed text, `typed` what was read; each gives 'column code'. */
export function faultCases(column: IntakeColumn, raw: string, typed: string): string[] {
	const cases: string[] = [];
	const found = (when: string, code: string) => cases.push(`when ${when} then ${literal(`${column.name} ${code}`)}`);
	if (column.required) found(`${raw} is null`, 'missing');
	const code = unreadable[column.type];
	if (code === 'not_yes_or_no')
		found(`${typed} is null and lower(${raw}) not in ('u', 'unk', 'unknown', 'na', 'n/a')`, code);
	else if (code) found(`${typed} is null and ${raw} is not null`, code);
	for (const check of column.checks)
		found(`not (${check.sql.replaceAll(new RegExp(`\\b${column.name}\\b`, 'g'), typed)})`, check.code);
	return cases;
}

/** The trimmed text of a source column, null when there is nothing in it. */
export function trimmed(source: string): string {
	const text = name(source);
	// Most texts have no blanks around them, and looking is cheaper than trimming.
	return `nullif(case when starts_with(${text}, ' ') or ends_with(${text}, ' ') then trim(${text}) else ${text} end, '')`;
}

/** What a column holds where a row says nothing. */
export const presetSql = (column: IntakeColumn) => column.preset ?? 'null';
