import { sqlFiles } from '$lib/server/sql';

export type ColumnType = 'varchar' | 'date' | 'decimal(18, 4)' | 'integer' | 'boolean' | 'timestamp';

export type IntakeColumn = {
	name: string;
	type: ColumnType;
	required: boolean;
	/** What a row gets that says nothing: 1 for claim lines, 'paid' for claims. */
	preset: string | null;
	/** Rules a value must keep, each with its reject code and its SQL condition. */
	checks: { code: string; sql: string }[];
	/** The words the column may hold; a status that is none of them rejects the row, another code only warns. */
	codes: string[];
	/** Other ways senders write a word, such as m for male. */
	reads: Record<string, string>;
	/** Older or other names of the column. */
	also: string[];
	/** How a code is kept so that two spellings compare equal. */
	kept: string | null;
	/** What cannot be computed without it. */
	effect: string | null;
	meaning: string;
};

export type IntakeTable = {
	name: string;
	meaning: string;
	/** Events have a history of versions; a roster is replaced as a whole. */
	kind: 'events' | 'roster';
	/** The id columns beside data_source; empty when the whole row is the key. */
	key: string[];
	/** The day of service, when there is one. */
	day: string | null;
	/** Whom a row is about; a roster's people are told apart by it. */
	who: string[];
	columns: IntakeColumn[];
	/** Pairs of days that must not stand the wrong way round. */
	orders: { code: string; sql: string; column: string }[];
};

/** The words between the brackets of `in (...)`, or none. */
const listed = (sql: string) =>
	[...(/ in \(([^)]*)\)/.exec(sql)?.[1] ?? '').matchAll(/'([^']*)'/g)].map((match) => match[1]!);

const said = (comment: string, label: string) =>
	comment
		.split('; ')
		.find((part) => part.startsWith(`${label}: `))
		?.slice(label.length + 2) ?? null;

function column(definition: string, comment: string, path: string): IntakeColumn {
	const match =
		/^(\w+) (varchar|date|decimal\(18, 4\)|integer|boolean|timestamp)( not null)?(?: default (\S+))?((?: constraint \w+ check \(.*\))*)$/.exec(
			definition
		);
	if (!match) throw new Error(`${path}: "${definition}" is not a column as sql/intake writes them`);
	const checks = [...match[5]!.matchAll(/ constraint (\w+) check \((.*?)\)(?= constraint |$)/g)].map((check) => ({
		code: check[1]!,
		sql: check[2]!
	}));
	const status = checks.find((check) => check.code === 'unknown_status');
	return {
		name: match[1]!,
		type: match[2] as ColumnType,
		required: match[3] !== undefined,
		preset: match[4] ?? null,
		checks,
		codes: status ? listed(status.sql) : (said(comment, 'one of')?.split(', ') ?? []),
		reads: Object.fromEntries(
			(said(comment, 'read')?.split(', ') ?? []).map((pair) => pair.split(' as ') as [string, string])
		),
		also: said(comment, 'also')?.split(', ') ?? [],
		kept: said(comment, 'kept'),
		effect: said(comment, 'without it'),
		meaning: comment.split('; ')[0]!
	};
}

/** Reads one `create table` of sql/intake; throws with its path when a line is not written as the others are. */
export function readTable(text: string, path: string): IntakeTable {
	const head = (label: string) => new RegExp(`^-- ${label}: (.*)$`, 'm').exec(text)?.[1] ?? null;
	const columns: IntakeColumn[] = [];
	const orders: IntakeTable['orders'] = [];
	for (const line of text.split('\n').filter((each) => each.startsWith('    '))) {
		const [definition, ...comment] = line.trim().split(' -- ');
		const bare = definition!.replace(/,$/, '');
		const order = /^constraint (\w+) check \((\w+) (>=) (\w+)\)$/.exec(bare);
		if (order) orders.push({ code: order[1]!, sql: `${order[2]} ${order[3]} ${order[4]}`, column: order[2]! });
		else columns.push(column(bare, comment.join(' -- '), path));
	}
	const kind = head('Kind');
	if (kind !== 'events' && kind !== 'roster') throw new Error(`${path}: Kind is events or roster`);
	return {
		name: /^create table (\w+)/m.exec(text)![1]!,
		meaning: text.slice(3, text.indexOf('\n')),
		kind,
		key: head('Key')?.split(', ') ?? [],
		day: head('Day'),
		who: head('Who')?.split(', ') ?? [],
		columns,
		orders
	};
}

let tables: IntakeTable[] | undefined;

/** The input tables of the contract, as sql/intake states them, by name. */
export function intakeTables(): IntakeTable[] {
	return (tables ??= sqlFiles('intake').map((file) => readTable(file.text, file.path)));
}

/** One input table by name; throws when the contract has none of that name. */
export function intakeTable(name: string): IntakeTable {
	const found = intakeTables().find((table) => table.name === name);
	if (!found) throw new Error(`there is no input table ${name}`);
	return found;
}
