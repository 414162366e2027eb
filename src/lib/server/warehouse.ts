import {
	BOOLEAN,
	DATE,
	DOUBLE,
	INTEGER,
	LIST,
	VARCHAR,
	listValue,
	type DuckDBType,
	type DuckDBValue
} from '@duckdb/node-api';
import { mtmDayKeys } from '$lib/domain/mtm_filter';
import { masked } from '$lib/domain/phi';
import { anyone, isInSteps, type Population } from '$lib/domain/population';
import { listedKeys } from '$lib/domain/recommendation_table';
import { checkScope, seesDays, type Scope } from '$lib/domain/scope';
import { measuresOf, readPanel, type Measure, type Panel } from './catalog';
import { dateOf, type Connection, type Row } from './duckdb';
import type { Home } from './home';
import { plannedPopulation, type PlannedPopulation } from './population';
import { makeSummed, reading, type Reader } from './reader';
import { release } from './release';
import { sqlFiles } from './sql';
import { usage } from './trouble';

/** What a question may be given: text, number, yes or no, a day as ISO text, a list of texts, or a population. */
export type Answerable = string | number | boolean | string[] | Population | null | undefined;

const types: Record<string, { type: DuckDBType; value: (given: Answerable) => DuckDBValue }> = {
	varchar: { type: VARCHAR, value: (given) => given as string },
	integer: { type: INTEGER, value: (given) => given as number },
	double: { type: DOUBLE, value: (given) => given as number },
	boolean: { type: BOOLEAN, value: (given) => given as boolean },
	date: { type: DATE, value: (given) => dateOf(given as string) },
	'varchar[]': { type: LIST(VARCHAR), value: (given) => listValue(given as string[]) }
};

let panels: Map<string, Panel> | undefined;

const noPanel = (wanted: string) => usage(`There is no panel "${wanted}".`);

/** The panel of that name; throws when there is none. */
export function panelNamed(wanted: string): Panel {
	panels ??= new Map(sqlFiles('panels').map((file) => [file.name, readPanel(file)]));
	const panel = panels.get(wanted);
	if (!panel) throw noPanel(wanted);
	return panel;
}

/** What a level may not ask of persons: below P2 a filter on days would tell the days that are not shown. */
function checkFilters(population: Population): void {
	if ([population.lid, population.late, population.adr].some(({ from, to }) => from !== null || to !== null))
		throw usage('Days are not shown at your level, so patients cannot be filtered by them. Nothing was asked.');
	if (!isInSteps(population.pdc))
		throw usage(
			'PDC is shown in steps of five points at your level, so patients are filtered by those alone. Nothing was asked.'
		);
}

/** The same of filters given as lists of key=value, and of what a list of recommendations alone is chosen by. */
function checkMtmFilters(given: Record<string, Answerable>): void {
	if (listedKeys.some((key) => given[key] != null))
		throw usage(
			'Reasons, strategies and days of an answer are not shown at your level, so recommendations are not chosen by them. Nothing was asked.'
		);
	for (const words of [given.only, given.never])
		if (Array.isArray(words) && words.some((word) => mtmDayKeys.some((key) => word.startsWith(`${key}=`))))
			throw usage(
				'Days are not shown at your level, so recommendations cannot be filtered by months, nor by what follows from their age. Nothing was asked.'
			);
}

/** Rows as the scope's level shows them: what is about persons with its columns masked. */
function shown(panel: Panel, rows: Row[], { phi }: Scope): Row[] {
	return panel.about === 'patients' ? masked(rows, phi, panel.indexDay) : rows;
}

/** Answers whose small cells were hidden, by the answer before; kept as long as that one. */
const released = new WeakMap<Row[], Promise<Row[]>>();

/**
 * Answers one fixed question (a file of sql/panels) for those the asker may see.
 * Parameters are bound, never pasted; unknown or missing ones throw exit 1. Days come back as ISO text, whole numbers as numbers.
 * Rows about persons are masked to the scope's level; at P0 a panel of persons is as if it were not there. Below P2 small cells of
 * counts are hidden, with what would tell them.
 * Answers are kept until the warehouse changes, so callers must not alter them.
 */
export async function ask<T = Row>(
	home: Home,
	panel: string,
	parameters: Record<string, Answerable>,
	scope: Scope
): Promise<T[]> {
	const rows = await answered(home, panel, parameters, scope);
	const raw = (other: string, others: Record<string, unknown>) =>
		answered(home, other, others as Record<string, Answerable>, scope);
	let answer = released.get(rows);
	if (!answer) {
		answer = release(panelNamed(panel), parameters, rows, scope, raw);
		released.set(rows, answer);
		answer.catch(() => released.delete(rows));
	}
	return (await answer) as T[];
}

/** The answer to a question before small cells are hidden. */
async function answered(
	home: Home,
	panel: string,
	parameters: Record<string, Answerable>,
	scope: Scope
): Promise<Row[]> {
	checkScope(scope);
	const asked = panelNamed(panel);
	const { sql, parameters: wanted } = asked;
	if (scope.phi === 'P0' && (asked.about === 'patients' || asked.about === 'keys')) throw noPanel(panel);
	let planned: PlannedPopulation | null = null;
	for (const given of Object.keys(parameters))
		if (given === 'days' || !wanted.some((parameter) => parameter.name === given))
			throw usage(`The panel "${panel}" has no parameter "${given}".`);
	if (!seesDays(scope)) checkMtmFilters(parameters);
	const values: Record<string, DuckDBValue> = {};
	const kinds: Record<string, DuckDBType> = {};
	for (const parameter of wanted) {
		if (parameter.type === 'population') {
			const population = (parameters[parameter.name] as Population | undefined) ?? anyone();
			if (scope.phi === 'P1' && asked.about === 'patients') checkFilters(population);
			planned = plannedPopulation(population, sql);
			values[parameter.name] = planned.value;
			kinds[parameter.name] = planned.type;
			continue;
		}
		if (parameter.name === 'days') {
			// Not the caller's to say: where days are not shown, rows stand in no order that tells them.
			values.days = seesDays(scope);
			kinds.days = types.boolean!.type;
			continue;
		}
		const kind = types[parameter.type];
		if (!kind)
			throw new Error(`sql/panels/${panel}.sql: the type "${parameter.type}" of $${parameter.name} is unknown`);
		const given = parameters[parameter.name];
		if ((given === undefined || given === null) && !parameter.optional)
			throw usage(`The panel "${panel}" needs "${parameter.name}".`);
		values[parameter.name] = given === undefined || given === null ? null : kind.value(given);
		kinds[parameter.name] = kind.type;
	}
	return await reading(home, scope, async (reader) => {
		if (reader.version.results === null)
			throw usage(
				'Nothing has been computed yet. Load files (mtm load) and compute (mtm refresh), or explore the demo (mtm demo).'
			);
		const key = JSON.stringify([panel, parameters, scope]);
		let answer = reader.answers.get(key);
		if (!answer) {
			answer = answerOf(reader, sql, planned, values, kinds).then((rows) => shown(asked, rows, scope));
			if (reader.answers.size > 300) reader.answers.clear();
			reader.answers.set(key, answer);
			// Long answers (downloads) are not kept: they would hold memory for a question nobody asks twice.
			answer.then(
				(rows) => rows.length > 2000 && reader.answers.delete(key),
				() => reader.answers.delete(key)
			);
		}
		return await answer;
	});
}

async function answerOf(
	reader: Reader,
	sql: string,
	planned: PlannedPopulation | null,
	values: Record<string, DuckDBValue>,
	kinds: Record<string, DuckDBType>
): Promise<Row[]> {
	await makeSummed(reader, sql);
	const connection: Connection = await reader.database.connect();
	try {
		if (!planned) return await connection.rows(sql, values, kinds);
		const { macro, create } = planned;
		if (!reader.macros.has(macro))
			reader.macros.set(
				macro,
				connection.run(create).catch((cause) => {
					reader.macros.delete(macro);
					throw cause;
				})
			);
		await reader.macros.get(macro);
		return await connection.rows(sql.replaceAll(/\bpopulation\(/g, `${macro}(`), values, kinds);
	} finally {
		connection.close();
	}
}

/** Every measure of the catalog, with the words of its card filled in. */
export async function measures(home: Home, scope: Scope): Promise<Measure[]> {
	return measuresOf(await ask(home, 'measure_family', {}, scope));
}

/** The measures of the adherence family: those that a patient's row, a review list and a filter can be about. */
export async function adherenceMeasures(home: Home, scope: Scope): Promise<Measure[]> {
	return (await measures(home, scope)).filter((measure) => measure.topic === 'Adherence');
}
