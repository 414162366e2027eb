import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import type { Row } from '$lib/server/duckdb';
import { refresh } from '$lib/server/build/refresh';
import { homeAt, openHome } from '$lib/server/home';
import { rollback } from '$lib/server/load/history';
import { load } from '$lib/server/load/load';
import { rejectedRows } from '$lib/server/load/reject';
import { query } from '$lib/server/query';
import { differences, expected, folder } from './expected';
import { emptyFolder, must } from './shell';

// What README.md says in words, compared cell by cell with what the product makes of the vendors' files.

const drops = ['drop-1', 'drop-2', 'drop-3'].map((drop) => join(folder, 'drops', drop));
const measures =
	"('pdc_diabetes', 'pdc_rasa', 'pdc_statins', 'pdc_diabetes_pharmacy_view', 'pdc_rasa_pharmacy_view', 'pdc_statins_pharmacy_view')";
const lists = "('adherence_at_risk', 'first_fill_only', 'no_refills_left', 'lost_for_year_clinical')";

async function rows(home: string, sql: string): Promise<Row[]> {
	return await query(homeAt(home), sql, everyone, async ({ rows }) => {
		const all: Row[] = [];
		for await (const row of rows) all.push(row);
		return all;
	});
}

const adherence = async (home: string, year: number) =>
	await rows(
		home,
		`select * from adherence where year = ${year} and measure in ${measures} order by patient_id, measure`
	);

/** All that one refresh made of one year. */
async function made(home: string, year: number) {
	return {
		adherence: await adherence(home, year),
		supply: await rows(
			home,
			`select supply.*, pharmacy_claim.data_source
			from supply
			left join pharmacy_claim on pharmacy_claim.load_id = supply.load_id
				and pharmacy_claim.source_file = supply.source_file and pharmacy_claim.source_line = supply.source_line
				and pharmacy_claim.claim_id = supply.claim_id
			where year = ${year} and measure in ${measures}`
		),
		results: await rows(
			home,
			`select *, ${year} as year from measure_result where period = '${year}' and measure in ${measures}
			and dimension in ('all', 'plan', 'pharmacy', 'prescriber') and denominator > 0`
		),
		months: await rows(
			home,
			`select * from measure_result where period like '${year}-%' and measure in ${measures} and dimension in ('all', 'pharmacy')`
		),
		lists: await rows(
			home,
			`select * from review_list where list in ${lists} and measure in ${measures} order by priority`
		)
	};
}

const runs = [
	{ year: 2024, asOf: '2025-12-31' },
	{ year: 2025, asOf: '2025-12-31' },
	{ year: 2026, asOf: '2026-06-30' },
	{ year: 2025, asOf: '2025-09-30' }
];
const wanted = (what: string, { year, asOf }: { year: number; asOf: string }) =>
	expected(`${what}_${year}_as_of_${asOf}.csv`);

describe('the three drops, in the order they came', () => {
	const home = emptyFolder();
	const seen = new Map<string, Awaited<ReturnType<typeof made>>>();
	const at = ({ year, asOf }: { year: number; asOf: string }) => seen.get(`${year} ${asOf}`)!;
	let afterTwo: Row[];

	beforeAll(async () => {
		must('--home', home, 'load', drops[0]!);
		must('--home', home, 'load', drops[1]!);
		must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
		afterTwo = await adherence(home, 2025);
		must('--home', home, 'load', drops[2]!);
		for (const run of runs) {
			must('--home', home, 'refresh', '--year', String(run.year), '--as-of', run.asOf);
			seen.set(`${run.year} ${run.asOf}`, await made(home, run.year));
		}
	}, 600_000);

	test('every row is accounted for: read = loaded + rejected + duplicate + ignored', () => {
		const loads = must('--home', home, 'loads', 'list', '--json').json() as {
			state: string;
			files: { name: string; data_source: string }[];
		}[];
		expect(loads.map((each) => each.state)).toEqual(['active', 'active', 'active']);
		const came = loads.flatMap((each, number) =>
			each.files.map((file) => ({
				...file,
				drop: `drop-${number + 1}`,
				source: file.data_source,
				name: basename(file.name)
			}))
		);
		expect(differences(expected('loads.csv'), came, ['drop', 'source', 'name'])).toEqual([]);
	});

	test('each bad line is rejected by its own line and column, with the text as it stands in the file', async () => {
		const came = (await rejectedRows(homeAt(home), 1)).map((row) => ({ ...row, name: basename(row.file) }));
		const want = expected('rejects.csv').map(({ name, line, column }) => ({ name: name!, line: line!, column: column! }));
		expect(differences(want, came, ['name', 'line'])).toEqual([]);
		for (const row of came) {
			const file = readFileSync(join(drops[0]!, 'sunrise_plan', row.name), 'latin1').split('\n');
			const line = file[row.line - 1]!;
			if (!line.includes('\xff')) expect(row.raw.trim()).toBe(line);
			expect(row.sentence).not.toBe('');
		}
	});

	test.each(runs)('$year as of $asOf: every cell of adherence', (run) => {
		expect(differences(wanted('adherence', run), at(run).adherence, ['patient_id', 'measure'])).toEqual([]);
	});

	test.each(runs)('$year as of $asOf: each fill as counted', (run) => {
		const ends = new Map(
			wanted('adherence', run).map((row) => [`${row.patient_id} ${row.measure}`, String(row.period_end)])
		);
		// Days beyond the period's end count nothing and are not compared.
		const inside = <T extends Row>(spans: T[]) =>
			spans.flatMap((row) => {
				const end = ends.get(`${row.patient_id} ${row.measure}`) ?? '';
				if (String(row.counted_from) > end) return [];
				return [{ ...row, counted_to: String(row.counted_to) > end ? end : String(row.counted_to) }];
			});
		const want = inside(wanted('supply', run)) as Record<string, string>[];
		const key = ['patient_id', 'measure', 'data_source', 'claim_id', 'ingredient'];
		expect(differences(want, inside(at(run).supply), key)).toEqual([]);
	});

	test('each fill as counted opens at its line of its file', () => {
		for (const row of at(runs[3]!).supply) {
			const file = readFileSync(join(drops[Number(row.load_id) - 1]!, String(row.data_source), basename(String(row.source_file))), 'latin1');
			const line = file.split(/\r?\n/)[Number(row.source_line) - 1]!;
			expect(line.split(',')).toEqual(expect.arrayContaining([row.claim_id, row.patient_id, row.dispensed_on]));
		}
	});

	test.each(runs)('$year as of $asOf: rates with their intervals', (run) => {
		const came = at(run).results.map((row) => ({
			...row,
			dimension_value: row.dimension === 'all' ? 'all' : row.dimension_value
		}));
		expect(differences(wanted('measure_result', run), came, ['measure', 'dimension', 'dimension_value'])).toEqual([]);
	});

	test('the rate to date at each month end, for all and for each pharmacy', () => {
		const months = expected('measure_month_2025_as_of_2025-09-30.csv');
		expect(differences(months, at(runs[3]!).months, ['measure', 'period', 'dimension', 'dimension_value'])).toEqual([]);
	});

	test("each step's count less those left out is the next step's, down to those counted", async () => {
		await refresh(homeAt(home), { years: [2025], asOf: '2025-09-30' });
		const explained = must('--home', home, 'metric', 'pdc_statins', '--year', '2025', '--explain', '--json').json() as {
			denominator: number;
			attrition: { excluded_because: string | null; patients: number; remaining: number }[];
		};
		const [start, ...steps] = explained.attrition;
		expect(start!.remaining).toBe(66);
		expect(Object.fromEntries(steps.filter((step) => step.patients).map((step) => [step.excluded_because, step.patients]))).toEqual({
			not_enrolled: 31,
			under_18: 1,
			hospice: 1,
			coverage_gap: 1,
			one_fill_date: 1,
			stays_cover_period: 1
		});
		let remaining = start!.remaining;
		for (const step of steps) expect(step.remaining).toBe((remaining -= step.patients));
		expect([remaining, explained.denominator]).toEqual([30, 30]);
	});

	test('the review lists: who, why in a sentence, and in the order of the visible rule', () => {
		const run = runs[3]!;
		// Due soon stands last and low on the list: Iris runs out in two days.
		const came = at(run).lists.filter((row) => !(row.list === 'adherence_at_risk' && row.patient_id === '0036'));
		const lost = wanted('adherence', run)
			.filter((row) => row.status === 'lost')
			.map(({ patient_id, measure }) => ({
				patient_id: patient_id!,
				measure: measure!,
				list: 'lost_for_year_clinical',
				reason: '*'
			}));
		const listed = expected('review_list_2025-09-30.csv').map((row) => ({ ...row, reason: row.reason || '*' }));
		expect(differences([...listed, ...lost], came, ['patient_id', 'measure', 'list'])).toEqual([]);
		// Last chance first, then by the last useful fill, as the expected file is written; the PDC plays no part.
		const lastUseful = (row: Row) => /last useful fill (.*)/.exec(String(row.reason))?.[1];
		const inOrder = (list: Row[]) => list.filter((row) => row.list === 'adherence_at_risk').map(lastUseful);
		expect(inOrder(came)).toEqual(inOrder(listed));
	});

	test('an unknown NDC is counted with its fills and days', async () => {
		const [unmapped] = (await rows(home, "select * from pharmacy_claim where ndc_code like '%99999%'")).filter(
			(row) => row.claim_status === 'paid'
		);
		expect(unmapped).toBeDefined();
		const { unmapped_fills } = await refresh(homeAt(home), { years: [2025], asOf: '2025-09-30' });
		expect(unmapped_fills).toBe(1);
	});

	test('by default the as-of day is the latest service date that is not in the future', async () => {
		expect((await refresh(homeAt(home))).as_of).toBe('2026-04-01');
	});

	test('the same files again change nothing', async () => {
		const before = await adherence(home, 2025);
		for (const drop of drops) expect((await load(homeAt(home), [drop])).verdict).toBe('already_loaded');
		await refresh(homeAt(home));
		expect(await adherence(home, 2025)).toEqual(before);
	});

	test('rejects, mended and loaded again, count once', async () => {
		const mended = openHome(emptyFolder());
		await load(mended, [join(drops[0]!, 'sunrise_plan')]);
		const out = join(mended.folder, 'pharmacy_claim_rejects.csv');
		must('--home', mended.folder, 'loads', 'rejects', '1', '--out', out);
		const files = must('--home', mended.folder, 'loads', 'rejects', '1', '--out', out, '--json').json() as {
			out: string;
			rows: number;
		}[];
		expect(files.map((file) => file.rows).sort()).toEqual([1, 14]);
		const pharmacy = files.find((file) => file.rows === 14)!;
		const [header, ...lines] = readFileSync(pharmacy.out, 'utf8').trim().split(/\r?\n/);
		expect(header!.split(',').slice(0, 18)).toEqual(
			readFileSync(join(drops[0]!, 'sunrise_plan', 'pharmacy_claim_2025-08.csv'), 'latin1').split('\n')[0]!.split(',')
		);
		expect(header!.split(',')[18]).toMatch(/reason/);
		const zero = lines.find((line) => line.includes(',B02,'))!;
		writeFileSync(join(mended.folder, 'pharmacy_claim_mended.csv'), `${header}\n${zero.replace(',30,0,', ',30,30,')}\n`);
		const again = await load(mended, [join(mended.folder, 'pharmacy_claim_mended.csv')], { source: 'sunrise_plan' });
		expect(again.files.map(({ read, loaded, rejected }) => ({ read, loaded, rejected }))).toEqual([
			{ read: 1, loaded: 1, rejected: 0 }
		]);
		expect(await rows(mended.folder, "select days_supply from pharmacy_claim where claim_id = 'B02'")).toEqual([
			{ days_supply: 30 }
		]);
	});

	test('rolling the last load back restores what was there before it, to the digit; loading it again brings it back', async () => {
		const refreshed = async () => {
			await refresh(homeAt(home), { years: [2025], asOf: '2025-12-31' });
			return await adherence(home, 2025);
		};
		await rollback(homeAt(home), 3, 'tester');
		expect(await refreshed()).toEqual(afterTwo);
		await load(homeAt(home), [drops[2]!]);
		expect(await refreshed()).toEqual(at(runs[1]!).adherence);
	});
});

describe('the order in which claims arrive never matters', () => {
	const file = (drop: number, source: string, name: string) => join(drops[drop - 1]!, source, name);
	const roster = ['eligibility_2025-08.csv', 'eligibility_2025-09.csv', 'eligibility_2026-01.csv'].map((name, drop) =>
		file(drop + 1, 'sunrise_plan', name)
	);
	const others = [
		file(1, 'north_pharmacy', 'eligibility.csv'),
		file(1, 'harbor_chain', 'pharmacy.csv'),
		file(1, 'sunrise_plan', 'pharmacy.csv'),
		file(1, 'sunrise_plan', 'provider.csv')
	];
	const claims = [
		[
			file(1, 'sunrise_plan', 'pharmacy_claim_2025-08.csv'),
			file(1, 'sunrise_plan', 'medical_claim_2025-08.csv'),
			file(1, 'north_pharmacy', 'pharmacy_claim_1.csv'),
			file(1, 'harbor_chain', 'pharmacy_claim.csv')
		],
		[
			file(2, 'sunrise_plan', 'pharmacy_claim_2025-09.csv'),
			file(2, 'sunrise_plan', 'medical_claim_2025-09.csv'),
			file(2, 'north_pharmacy', 'pharmacy_claim_2.csv'),
			file(2, 'harbor_chain', 'pharmacy_claim.csv')
		],
		[
			file(3, 'sunrise_plan', 'pharmacy_claim_2026-06.csv'),
			file(3, 'sunrise_plan', 'medical_claim_2026-06.csv')
		]
	];
	const orders: [string, string[][]][] = [
		[
			'the newest claims first, the oldest last',
			[
				[roster[0]!, ...claims[2]!],
				[roster[1]!, ...claims[1]!, ...others],
				[roster[2]!, ...claims[0]!]
			]
		],
		[
			'vendor by vendor, files of a load backwards, the roster after the claims',
			[
				claims.flat().filter((path) => path.includes('harbor')),
				[...claims.flat().filter((path) => path.includes('sunrise'))].reverse(),
				[roster[0]!, ...others],
				[roster[1]!],
				[...claims.flat().filter((path) => path.includes('north')), roster[2]!].reverse()
			]
		]
	];

	test.each(orders)('%s', async (_, loads) => {
		const home = openHome(emptyFolder());
		for (const files of loads) await load(home, files);
		await refresh(home, { years: [2025], asOf: '2025-12-31' });
		const wrong = differences(wanted('adherence', runs[1]!), await adherence(home.folder, 2025), [
			'patient_id',
			'measure'
		]);
		expect(wrong).toEqual([]);
	});
});
