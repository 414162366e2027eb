import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, readCsv } from './expected';
import { asked, emptyFolder, must, mtm } from './shell';

// Three people, each with one decision to make in the shell, on the known set.

const drops = join(folder, 'drops');
const home = emptyFolder();

beforeAll(() => {
	for (const drop of ['drop-1', 'drop-2']) must('--home', home, 'load', join(drops, drop));
	must('--home', home, 'refresh', '--year', '2025', '--as-of', '2025-09-30');
}, 300_000);

describe("the engineer says in one command whether tonight's load is good", () => {
	test('a good one: exit 0, one JSON value, every row accounted for', () => {
		const checked = must('--home', home, 'validate', join(drops, 'drop-3'), '--json');
		const text = JSON.stringify(checked.json());
		expect(text).toContain('pharmacy_claim_2026-06.csv');
		const loaded = must('--home', join(home, 'tonight'), 'load', join(drops, 'drop-3'), '--json').json() as {
			files: Record<string, number>[];
		};
		for (const file of loaded.files)
			expect(file.read).toBe(file.loaded! + file.rejected! + file.duplicate! + file.ignored!);
	});

	test('a bad one: exit 2, the file, the column and what it would do to the results in a sentence; nothing changed', () => {
		const before = must('--home', home, 'loads', 'list', '--json').json();
		const night = join(emptyFolder(), 'sunrise_plan');
		mkdirSync(night);
		const good = readFileSync(join(drops, 'drop-1', 'sunrise_plan', 'pharmacy_claim_2025-08.csv'), 'latin1');
		const lines = good.split('\n').filter((line) => line && !/,B\d\d,/.test(line));
		const at = lines[0]!.split(',').indexOf('days_supply');
		writeFileSync(
			join(night, 'pharmacy_claim_tonight.csv'),
			lines
				.map((line, row) => (row ? line.split(',').map((cell, column) => (column === at ? '' : cell)).join(',') : line))
				.join('\n') + '\n'
		);
		for (const verb of ['validate', 'load']) {
			const answer = mtm('--home', home, verb, night);
			expect([verb, answer.status]).toEqual([verb, 2]);
			expect(answer.err + answer.out).toMatch(/pharmacy_claim_tonight\.csv/);
			expect(answer.err + answer.out).toMatch(/days_supply/);
			expect(answer.err + answer.out).toMatch(/adherence|day/i);
		}
		expect(must('--home', home, 'loads', 'list', '--json').json()).toEqual(before);
	});

	test('a roster that lost half its people: exit 2, unless it is said to replace', () => {
		const night = join(emptyFolder(), 'sunrise_plan');
		mkdirSync(night);
		const roster = readFileSync(join(drops, 'drop-3', 'sunrise_plan', 'eligibility_2026-01.csv'), 'utf8').split('\n');
		writeFileSync(join(night, 'eligibility_half.csv'), roster.slice(0, 25).join('\n') + '\n');
		const answer = mtm('--home', home, 'load', night);
		expect([answer.status, answer.err]).toEqual([2, expect.stringMatching(/--replace/)]);
		expect(mtm('--home', home, 'validate', night, '--replace').status).toBe(0);
	});

	test('status: what is loaded, how fresh, in one JSON value', () => {
		const status = mtm('--home', home, 'status', '--json');
		expect([0, 2]).toContain(status.status);
		const text = JSON.stringify(status.json());
		for (const source of ['sunrise_plan', 'north_pharmacy', 'harbor_chain']) expect(text).toContain(source);
	});
});

describe('the quality lead exports a list that a caller can work from', () => {
	test('the whole list, with the sentence to say and the day it is due', () => {
		const file = join(home, 'calls.csv');
		const said = must('--home', home, 'export', 'review_list', '--format', 'csv', '--out', file);
		const rows = readCsv(readFileSync(file, 'utf8'));
		expect(said.err + said.out).toContain(String(rows.length));
		const bess = rows.find((row) => row.patient_id === '0029' && row.list === 'adherence_at_risk')!;
		expect(bess.reason).toBe(
			'Statin ran out 1 Sep, 29 days late; 18 days left to lose this year; last useful fill 19 Oct'
		);
		expect(bess.measure).toBe('pdc_statins');
		expect(bess.pharmacy_npi).toBe('1184000135');
		expect(bess.due_on).toMatch(/^2025-/);
		expect(bess.state).toBe('new');
		// Whom it would waste a call on: secured, lost, left out.
		for (const patient of ['0001', '0005', '0007', '0023', 'H211'])
			expect(rows.filter((row) => row.patient_id === patient && row.list === 'adherence_at_risk')).toEqual([]);
	});

	test('where nothing can be written, the export says so with 1 and leaves nothing', () => {
		for (const format of ['csv', 'json', 'parquet', 'xlsx']) {
			const answer = mtm('--home', home, 'export', 'review_list', '--format', format, '--out', join(home, 'no', 'such'));
			expect([answer.status, answer.err]).toEqual([1, expect.stringMatching(/^.* cannot be written.*\n$/)]);
		}
	});

	test('with name and phone, in the order to call, in one query; a missing phone is seen, not dropped', () => {
		const rows = readCsv(
			must(
				'--home',
				home,
				'query',
				`select review_list.patient_id, eligibility.first_name, eligibility.last_name, eligibility.phone, reason
				from review_list left join eligibility on eligibility.person_id = review_list.patient_id
				where list = 'adherence_at_risk' and measure = 'pdc_statins' order by priority`,
				'--format',
				'csv'
			).out
		).filter((row) => row.patient_id !== '0036');
		expect(rows.map((row) => [row.patient_id, row.last_name, row.phone])).toEqual([
			['0037', 'Lastchance', '555-0137'],
			['0050', 'Dashes', '555-0150'],
			['0029', 'Ranout', '555-0129'],
			['0010', 'Kidney', '555-0110'],
			['0017', 'Drugsonly', '555-0117'],
			['0032', 'Lastyear', ''],
			['0013', 'Nursing', '555-0113'],
			['0051', 'Cash', '555-0151']
		]);
	});
});

describe('the manager names the store that is off course and whom to call this week', () => {
	const measure = 'pdc_statins_pharmacy_view';

	test('one store lies below the chain by more than chance', () => {
		const stores = asked(
			home,
			`select pharmacy.name, store.numerator, store.denominator
			from measure_result as store
			join measure_result as chain on chain.measure = store.measure and chain.period = store.period
				and chain.dimension = 'all'
			join pharmacy on pharmacy.npi = store.dimension_value
			where store.dimension = 'pharmacy' and store.measure = '${measure}' and store.period = '2025'
				and store.upper < chain.rate`
		);
		expect(stores).toEqual([{ name: 'Harbor "O\'Brien" Drug ⚓', numerator: 6, denominator: 11 }]);
	});

	test('metric says the same of the store', () => {
		const metric = must(
			'--home',
			home,
			'metric',
			measure,
			'--year',
			'2025',
			'--filter',
			'pharm=1629000120',
			'--json'
		).json() as Record<string, number>;
		expect([metric.numerator, metric.denominator]).toEqual([6, 11]);
		expect(metric.rate).toBeCloseTo(6 / 11, 9);
	});

	test('nine to call, the most urgent first', () => {
		const calls = asked(
			home,
			`select patient_id from review_list where list = 'adherence_at_risk' and measure = '${measure}'
			and pharmacy_npi = '1629000120' order by priority`
		);
		expect(calls.map((row) => row.patient_id).sort()).toEqual(
			['H201', 'H202', 'H203', 'H204', 'H205', 'H206', 'H207', 'H208', 'H209']
		);
		expect(calls[0]).toEqual({ patient_id: 'H203' });
	});
});

describe('what cannot be known is not computable, never 0', () => {
	test("a chain's people have no age, no plan and no place in the plan's measures", () => {
		const rows = asked(
			home,
			`select measure, in_denominator, excluded_because, pdc, covered_days, period_days, plan from adherence
			where patient_id = 'H201' and year = 2025 and measure like 'pdc_statins%' order by measure`
		);
		expect(rows).toEqual([
			{
				measure: 'pdc_statins',
				in_denominator: false,
				excluded_because: 'not_enrolled',
				pdc: null,
				covered_days: null,
				period_days: null,
				plan: null
			},
			{
				measure: 'pdc_statins_pharmacy_view',
				in_denominator: true,
				excluded_because: null,
				pdc: expect.closeTo(210 / 273, 6),
				covered_days: 210,
				period_days: 365,
				plan: null
			}
		]);
	});

	test('a measure that nobody is in has no rate', () => {
		const metric = mtm('--home', home, 'metric', 'pdc_rasa_pharmacy_view', '--year', '2025', '--json');
		expect(metric.status).toBe(0);
		expect(metric.json()).toMatchObject({ numerator: 0, denominator: 0, rate: null });
	});

	test('before anything is computed, a question says so and ends with 1', () => {
		const empty = emptyFolder();
		const answer = mtm('--home', empty, 'metric', 'pdc_statins');
		expect([answer.status, answer.out]).toEqual([1, '']);
		expect(answer.err).toMatch(/mtm load|mtm refresh/);
	});
});
