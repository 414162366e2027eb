import { monthOddities, freshness, type Oddity, type Verdict } from '$lib/domain/freshness';
import { cellSum, markOf, type Cell, type Released } from '$lib/domain/hidden';
import { daysBetween } from '$lib/domain/wording';
import { answer, latestYear, resultsOf, viewerWho } from '$lib/server/door';
import { readKept, type Home } from '$lib/server/home';
import { readLoads, type Load } from '$lib/server/load/manifest';
import { hidesSmallCells } from '$lib/server/release';
import { reportingChecks } from '$lib/server/report';
import { ask } from '$lib/server/warehouse';
import { version as product } from '../../../package.json';
import type { PageServerLoad } from './$types';

type MonthRow = Released & {
	table_name: string;
	data_source: string;
	month: string | null;
	rows: Cell;
	patients: Cell;
	first_on: string | null;
	last_on: string | null;
	last_load: number;
};
type RosterRow = Released & { table_name: string; data_source: string; rows: Cell; last_load: number };

/** One line of the freshness table. */
export type Source = Released & {
	table_name: string;
	data_source: string;
	rows: Cell;
	first_on: string | null;
	last_on: string | null;
	loaded_at: string | null;
	last_load: number;
	/** Days from the newest service day to today; null for rosters. */
	age: number | null;
	verdict: Verdict | null;
};

/** One line of the months grid. */
export type SourceMonths = {
	table_name: string;
	data_source: string;
	months: (Released & { month: string; rows: Cell; oddity: Oddity })[];
};

/** Months whose claims may still be on their way. */
const fillingIn: Record<string, number> = { pharmacy_claim: 1, medical_claim: 3 };

export const load: PageServerLoad = async (event) => {
	const viewer = viewerWho('see_data', event);
	const { scope } = viewer;
	const { home, run } = await resultsOf(event, scope);
	const kept = keptResults(home);
	const loads = await answer(async () => readLoads(home));
	const history = viewer.can('see_loads') ? summaries(loads) : null;
	if (!run)
		return {
			run: null,
			kept,
			loads: history,
			sources: null,
			grid: null,
			unmapped: null,
			checks: null,
			reporting: null
		};
	const today = new Date().toISOString().slice(0, 10);
	const year = latestYear(run);
	const [months, rosters, unmapped, checks, problems, reporting] = await Promise.all([
		answer(() => ask<MonthRow>(home, 'source_months', {}, scope)),
		answer(() => ask<RosterRow>(home, 'source_rosters', {}, scope)),
		answer(() =>
			ask<Released & { ndc_code: string; fills: Cell; supply_days: Cell; patients: Cell }>(
				home,
				'unmapped_drugs',
				{},
				scope
			)
		),
		answer(() =>
			ask<Released & { name: string; severity: string; rows: Cell; sentence: string }>(home, 'checks', {}, scope)
		),
		answer(async () => (await ask<{ fills: number }>(home, 'data_problems', {}, scope))[0]!),
		// Shares of rows in error would tell of few people, so they are for who sees rows.
		hidesSmallCells(scope) ? null : answer(() => reportingChecks(home, year, scope))
	]);
	const loadedAt = new Map((loads.value ?? []).map((load) => [load.load_id, load.loaded_at]));

	const sources: Source[] = [];
	for (const row of months.value ?? []) {
		let source = sources.find((one) => one.table_name === row.table_name && one.data_source === row.data_source);
		if (!source) {
			source = {
				table_name: row.table_name,
				data_source: row.data_source,
				rows: 0,
				first_on: null,
				last_on: null,
				loaded_at: null,
				last_load: 0,
				age: null,
				verdict: null
			};
			sources.push(source);
		}
		if (row.rows === null || source.rows === null) {
			source.rows = null;
			source.hidden = { rows: 'hidden' };
		} else source.rows += row.rows;
		source.last_load = Math.max(source.last_load, row.last_load);
		if (row.first_on && (!source.first_on || row.first_on < source.first_on)) source.first_on = row.first_on;
		if (row.last_on && row.last_on <= today && (!source.last_on || row.last_on > source.last_on))
			source.last_on = row.last_on;
	}
	for (const row of rosters.value ?? [])
		sources.push({ ...row, first_on: null, last_on: null, loaded_at: null, age: null, verdict: null });
	for (const source of sources) {
		source.loaded_at = loadedAt.get(source.last_load) ?? null;
		source.age = source.last_on ? Math.max(0, daysBetween(source.last_on, today)) : null;
		source.verdict = source.age === null ? null : freshness(source.age);
	}

	// The grid shows the as-of month and the thirteen before it; oddities look six months further back.
	const to = `${run.as_of.slice(0, 7)}-01`;
	const twoYearsBack = `${Number(to.slice(0, 4)) - 2}${to.slice(4)}`;
	const earliest = `${(
		sources
			.map((source) => source.first_on)
			.filter((day) => day !== null)
			.sort()[0] ?? to
	).slice(0, 7)}-01`;
	const from = earliest > to ? to : earliest > twoYearsBack ? earliest : twoYearsBack;
	const ofSource = (all: MonthRow[], table: string, source: string): SourceMonths['months'] => {
		const own = all.filter((row) => row.table_name === table && row.data_source === source && row.month);
		// A month whose rows are hidden has some; how many, and whether that is odd, is not told.
		const counts = own.map((row) => ({ month: row.month!, rows: row.rows ?? 1 }));
		return monthOddities(counts, from, to, fillingIn[table] ?? 1)
			.slice(-14)
			.map((cell) => {
				const mark = markOf(
					own.find((row) => row.month!.slice(0, 7) === cell.month.slice(0, 7)),
					'rows'
				);
				return mark === null ? cell : { ...cell, rows: null, oddity: null, hidden: { rows: mark } };
			});
	};
	const grid: SourceMonths[] = sources
		.filter((source) => source.last_on)
		.map(({ table_name, data_source }) => ({
			table_name,
			data_source,
			months: ofSource(months.value ?? [], table_name, data_source)
		}));
	return {
		run,
		kept,
		loads: history,
		sources: { value: sources, failed: months.failed ?? rosters.failed },
		grid: { value: grid, failed: months.failed },
		unmapped: {
			value: unmapped.value && {
				shown: unmapped.value.slice(0, 200),
				codes: unmapped.value.length,
				fills: cellSum(unmapped.value, 'fills'),
				days: cellSum(unmapped.value, 'supply_days'),
				allFills: problems.value?.fills ?? null
			},
			failed: unmapped.failed
		},
		checks,
		reporting: reporting && { ...reporting, year }
	};
};

/** The results kept beside the current ones, the latest day first; what they were made of is for the list of loads. */
function keptResults(home: Home) {
	return readKept(home)
		.map(({ results, as_of, known, built_at, version }) => ({
			results,
			as_of,
			known,
			built_at,
			opens: version === product
		}))
		.sort((a, b) => (a.as_of < b.as_of ? 1 : -1));
}

/** The loads newest first, each with the sums of its files. */
function summaries(loads: { value: Load[] | null; failed: string | null }) {
	return {
		failed: loads.failed,
		value: (loads.value ?? [])
			.map((load) => {
				const sum = (key: 'read' | 'loaded' | 'rejected' | 'duplicate' | 'ignored') =>
					load.files.reduce((total, file) => total + file[key], 0);
				const counts = {
					read: sum('read'),
					loaded: sum('loaded'),
					rejected: sum('rejected'),
					duplicate: sum('duplicate'),
					ignored: sum('ignored')
				};
				return {
					load_id: load.load_id,
					loaded_at: load.loaded_at,
					by: load.by,
					state: load.state,
					files: load.files.length,
					tables: [...new Set(load.files.map((file) => file.table))],
					warnings: load.files.reduce(
						(total, file) => total + file.warnings.reduce((sum, warning) => sum + warning.rows, 0),
						0
					),
					reconciles: counts.read === counts.loaded + counts.rejected + counts.duplicate + counts.ignored,
					...counts
				};
			})
			.reverse()
	};
}
