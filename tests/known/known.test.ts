import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { differences, expected, folder } from './expected';
import { asked, emptyFolder, must, mtm } from './shell';

// What README.md says in words, compared cell by cell with what the command prints.

const drops = join(folder, 'drops');
const star = "'pdc_diabetes', 'pdc_rasa', 'pdc_statins'";
const view = "'pdc_diabetes_pharmacy_view', 'pdc_rasa_pharmacy_view', 'pdc_statins_pharmacy_view'";
const runs = [
	{ year: 2025, asOf: '2025-09-30' },
	{ year: 2025, asOf: '2025-12-31' },
	{ year: 2024, asOf: '2025-12-31' },
	{ year: 2026, asOf: '2026-06-30' }
];

const adherence = (home: string, year: number) =>
	asked(home, `select * from adherence where year = ${year} and measure in (${star}, ${view})`);

type Loads = { files: { name: string; table: string }[]; state: string; load_id: number }[];

describe('the three drops, in the order they came', () => {
	const home = emptyFolder();

	beforeAll(() => {
		for (const drop of ['drop-1', 'drop-2', 'drop-3']) must('--home', home, 'load', join(drops, drop));
	}, 300_000);

	test('every row is accounted for: read = loaded + rejected + duplicate + ignored', () => {
		const loads = must('--home', home, 'loads', 'list', '--json').json() as Loads;
		expect(loads.map((load) => load.state)).toEqual(['active', 'active', 'active']);
		const came = loads.flatMap((load, at) =>
			load.files.map((file) => ({
				...file,
				drop: `drop-${at + 1}`,
				source: (file as { data_source?: string }).data_source ?? '',
				name: basename(file.name)
			}))
		);
		expect(differences(expected('loads.csv'), came, ['drop', 'source', 'name'])).toEqual([]);
	});

	test.each(runs)('$year as of $asOf: every cell of adherence', ({ year, asOf }) => {
		must('--home', home, 'refresh', '--year', String(year), '--as-of', asOf);
		const wrong = differences(expected(`adherence_${year}_as_of_${asOf}.csv`), adherence(home, year), [
			'patient_id',
			'measure'
		]);
		expect(wrong).toEqual([]);
	});

	test.each(runs)('$year as of $asOf: each fill as counted', ({ year, asOf }) => {
		must('--home', home, 'refresh', '--year', String(year), '--as-of', asOf);
		const came = asked(
			home,
			`select supply.*, coalesce(pharmacy_claim.data_source, '?') as data_source, adherence.period_end
			from supply
			left join pharmacy_claim on pharmacy_claim.claim_id = supply.claim_id and pharmacy_claim.load_id = supply.load_id
				and pharmacy_claim.source_file = supply.source_file and pharmacy_claim.source_line = supply.source_line
			join adherence on adherence.patient_id = supply.patient_id and adherence.measure = supply.measure
				and adherence.year = supply.year
			where supply.year = ${year} and supply.measure in (${star}, ${view})`
		);
		const ends = new Map(
			expected(`adherence_${year}_as_of_${asOf}.csv`).map((row) => [`${row.patient_id} ${row.measure}`, row.period_end!])
		);
		const inside = <T extends Record<string, unknown>>(rows: T[]) =>
			rows
				.filter((row) => String(row.counted_from) <= ends.get(`${row.patient_id} ${row.measure}`)!)
				.map((row) => {
					const end = ends.get(`${row.patient_id} ${row.measure}`)!;
					return { ...row, counted_to: String(row.counted_to) > end ? end : String(row.counted_to) };
				});
		const wrong = differences(
			inside(expected(`supply_${year}_as_of_${asOf}.csv`)) as Record<string, string>[],
			inside(came),
			['patient_id', 'measure', 'data_source', 'claim_id', 'ingredient']
		);
		expect(wrong).toEqual([]);
	});

	test.each(runs)('$year as of $asOf: rates with their intervals', ({ year, asOf }) => {
		must('--home', home, 'refresh', '--year', String(year), '--as-of', asOf);
		const came = asked(
			home,
			`select *, ${year} as year from measure_result where period = '${year}' and measure in (${star}, ${view})
			and dimension in ('all', 'plan', 'pharmacy', 'prescriber') and denominator > 0`
		).map((row) => ({ ...row, dimension_value: row.dimension === 'all' ? 'all' : row.dimension_value }));
		const wrong = differences(expected(`measure_result_${year}_as_of_${asOf}.csv`), came, [
			'measure',
			'dimension',
			'dimension_value'
		]);
		expect(wrong).toEqual([]);
	});

	test('metric prints what measure_result holds', () => {
		must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
		for (const measure of ['pdc_diabetes', 'pdc_rasa', 'pdc_statins', 'pdc_statins_pharmacy_view']) {
			const metric = must('--home', home, 'metric', measure, '--year', '2025', '--json').json() as Record<string, unknown>;
			const want = expected('measure_result_2025_as_of_2025-09-30.csv').find(
				(row) => row.measure === measure && row.dimension === 'all'
			)!;
			expect([measure, metric.numerator, metric.denominator]).toEqual([
				measure,
				Number(want.numerator),
				Number(want.denominator)
			]);
			expect(metric.rate).toBeCloseTo(Number(want.rate), 6);
		}
	});

	test('the review lists: who, why in a sentence, and in the order of the visible rule', () => {
		must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
		const came = asked(
			home,
			`select patient_id, measure, list, reason, priority from review_list
			where list in ('adherence_at_risk', 'first_fill_only', 'no_refills_left') and measure in (${star}, ${view})
			order by priority`
		);
		const wanted = expected('review_list_2025-09-30.csv').map((row) => ({ ...row, reason: row.reason || '*' }));
		const dueSoon = (row: Record<string, unknown>) => row.list === 'adherence_at_risk' && row.patient_id === '0036';
		expect(
			differences(
				wanted,
				came.filter((row) => !dueSoon(row)),
				['patient_id', 'measure', 'list']
			)
		).toEqual([]);
		// Last chance first, then by the last useful fill; the PDC plays no part.
		const last = (reason: unknown) => {
			const [, day = '', month = ''] = /last useful fill (\d+) (\w+)/.exec(String(reason)) ?? [];
			return ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month) * 31 + Number(day);
		};
		const order = came.filter((row) => row.list === 'adherence_at_risk' && !dueSoon(row));
		const keys = order.map((row) => (['0037', 'H203'].includes(String(row.patient_id)) ? 0 : 1000) + last(row.reason));
		expect(keys).toEqual([...keys].sort((one, other) => one - other));
	});

	test('an unknown NDC is counted, with its days', () => {
		const status = must('--home', home, 'status', '--json').json();
		expect(JSON.stringify(status)).toMatch(/unmapped/i);
	});

	test('by default the as-of day is the latest service date that is not in the future', () => {
		must('--home', home, 'refresh');
		const [run] = asked(home, 'select max(as_of) as as_of from adherence');
		expect(run!.as_of).toBe('2026-04-01');
	});

	test('the same files again change nothing', () => {
		const before = adherence(home, 2025);
		for (const drop of ['drop-1', 'drop-2', 'drop-3']) {
			const again = mtm('--home', home, 'load', join(drops, drop));
			expect([again.status, again.err + again.out]).toEqual([0, expect.stringMatching(/already loaded/i)]);
		}
		expect((must('--home', home, 'loads', 'list', '--json').json() as Loads).length).toBe(3);
		must('--home', home, 'refresh');
		expect(adherence(home, 2025)).toEqual(before);
	});

	test('rolling the last load back restores what was there before it, to the digit; loading it again brings it back', () => {
		const refreshed = () => {
			must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
			return adherence(home, 2025).sort((one, other) =>
				`${one.patient_id} ${one.measure}` < `${other.patient_id} ${other.measure}` ? -1 : 1
			);
		};
		const whole = refreshed();
		const two = emptyFolderOfTwo();
		must('--home', home, 'loads', 'rollback', '3');
		expect(refreshed()).toEqual(two);
		must('--home', home, 'load', join(drops, 'drop-3'));
		expect(refreshed()).toEqual(whole);
	});

	function emptyFolderOfTwo() {
		const other = join(home, 'two');
		for (const drop of ['drop-1', 'drop-2']) must('--home', other, 'load', join(drops, drop));
		must('--home', other, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
		return adherence(other, 2025).sort((one, other) =>
			`${one.patient_id} ${one.measure}` < `${other.patient_id} ${other.measure}` ? -1 : 1
		);
	}
});

describe('the order in which claims arrive never matters', () => {
	const files = readdirSync(drops, { recursive: true, encoding: 'utf8' })
		.map((file) => join(drops, file))
		.filter((file) => statSync(file).isFile())
		.sort();
	const rosters = files.filter((file) => !/claim/.test(basename(file)));
	const claims = files.filter((file) => /claim/.test(basename(file)));
	const orders: [string, string[]][] = [
		['claims backwards, before the rosters', [...claims].reverse().concat(rosters)],
		['rosters first, then claims shuffled', rosters.concat([5, 0, 7, 2, 9, 8, 1, 4, 6, 3].map((at) => claims[at]!))]
	];

	test.each(orders)('%s', (_, order) => {
		const home = emptyFolder();
		for (const file of order) must('--home', home, 'load', file);
		must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-12-31');
		const wrong = differences(expected('adherence_2025_as_of_2025-12-31.csv'), adherence(home, 2025), [
			'patient_id',
			'measure'
		]);
		expect(wrong).toEqual([]);
	});
});
