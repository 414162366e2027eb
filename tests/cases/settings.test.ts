import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome, type Home } from '$lib/server/home';
import { importReference } from '$lib/server/reference/import';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

const atorvastatin = '00071015523';
const [few, many, latest] = ['1000000001', '1000000002', '1000000003'];
const folder = mkdtempSync(join(tmpdir(), 'mtm-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const people = ['two-dates', 'late-start', 'waits', 'overdue', 'soon', 'three-stores', 'rank-a', 'rank-b', 'monthly'];
let claims = 0;
const fill = (person_id: string, on: string, days_supply: number, dispensing_provider_npi = few) => ({
	claim_id: `C${++claims}`,
	person_id,
	dispensing_date: `2025-${on}`,
	days_supply,
	ndc_code: atorvastatin,
	dispensing_provider_npi
});
const given: Given = {
	eligibility: [...people, 'seventeen'].map((person_id) => ({
		person_id,
		birth_date: person_id === 'seventeen' ? '2007-06-01' : '1950-01-01',
		enrollment_start_date: '2025-01-01',
		enrollment_end_date: '2025-12-31',
		plan: 'PLAN'
	})),
	// A discharge 40 days before the as-of day, and before the index: it moves nothing but the order.
	medical_claim: [
		{
			claim_id: 'M1',
			person_id: 'rank-b',
			claim_start_date: '2025-08-20',
			claim_end_date: '2025-08-21',
			bill_type_code: '111'
		}
	],
	pharmacy_claim: [
		fill('two-dates', '02-01', 150),
		fill('two-dates', '07-01', 180),
		fill('seventeen', '02-01', 150),
		fill('seventeen', '07-01', 180),
		// 15 September to 31 December: 108 days.
		fill('late-start', '09-15', 60),
		fill('late-start', '09-25', 60),
		// The second fill starts to count on 20 July, 191 days after it was dispensed.
		fill('waits', '01-01', 200),
		fill('waits', '01-10', 100),
		// Ran out on 31 August, 30 days late: 43 of 73 days left.
		fill('overdue', '01-01', 120),
		fill('overdue', '05-01', 123),
		// Runs out on 10 October, in 10 days.
		fill('soon', '01-01', 120),
		fill('soon', '05-01', 163),
		fill('three-stores', '01-01', 120, few),
		fill('three-stores', '05-01', 30, many),
		fill('three-stores', '06-01', 30, many),
		fill('three-stores', '07-01', 20, latest),
		fill('rank-a', '08-25', 10),
		fill('rank-a', '09-05', 10),
		fill('rank-b', '08-25', 10),
		fill('rank-b', '09-05', 10),
		...['05', '06', '07', '08', '09'].map((month) => fill('monthly', `${month}-01`, 31)),
		fill('monthly', '09-28', 31)
	]
};

const fact = (column: string, person: string) =>
	`select ${column} as answer from adherence_fact inner join patient using (patient_no) where patient_id = '${person}' and measure = 'pdc_statins' and year = 2025`;
const listed = (list: string, person: string) =>
	`select count(*) as answer from (${sqlFile('lists', list).text}) where patient_id = '${person}'`;
const first = `select arg_min(patient_id, priority) as answer from (${sqlFile('lists', 'adherence_at_risk').text}) where patient_id like 'rank-%'`;
const fillsTold = `select count(*) as answer from (${sqlFile('checks', 'early_refills_pile_up').text})`;

const rules = (column: string) => `select ${column} as answer from (${sqlFile('panels', 'chart_rules').text})`;

/** Each setting with its shipped value and a changed one: what is asked, and the answer with each. */
const settings: [setting: string, changed: string, question: string, shipped: unknown, then: unknown][] = [
	['minimum_fill_dates', '3', fact('excluded_because', 'two-dates'), null, 'one_fill_date'],
	['minimum_period_days', '109', fact('excluded_because', 'late-start'), null, 'short_period'],
	['age_reference', 'last_day', fact('excluded_because', 'seventeen'), 'under_18', null],
	['last_chance_days', '43', fact('status', 'overdue'), 'overdue', 'last_chance'],
	['due_soon_days', '10', fact('status', 'soon'), 'on_track', 'due_soon'],
	['attribution', 'fills', fact('pharmacy_npi', 'three-stores'), few, many],
	['attribution', 'latest_fill', fact('pharmacy_npi', 'three-stores'), few, latest],
	['recent_discharge_days', '40', first, 'rank-a', 'rank-b'],
	['three_month_days_supply', '31', listed('move_to_90_days', 'monthly'), 1, 0],
	['move_to_90_fills', '11', listed('move_to_90_days', 'monthly'), 1, 0],
	['pile_up_days', '191', fillsTold, 1, 0],
	['chart_least_months', '20', rules('least_months'), 12, 20],
	['chart_least_events', '0', rules('least_events'), 3, 0],
	['chart_large_denominator', '500', rules('large_denominator'), 1000, 500]
];

const build = (home: Home | null) =>
	computed(given, {
		asOf: '2025-09-30',
		years: [2025],
		home,
		only: ['adherence_fact', 'reviewable', 'recommended_ingredient']
	});
const answer = async (built: Built, question: string) =>
	(await built.connection.row<{ answer: unknown }>(question)).answer;

let asShipped: Built;
beforeAll(async () => {
	asShipped = await build(null);
});
afterAll(() => asShipped.close());

const header = 'setting,value,allowed,unit,meaning,source,mark\n';
let homes = 0;
async function homeWith(setting: string, value: string): Promise<Home> {
	const home = openHome(join(folder, String(++homes)));
	const file = join(folder, `setting-${homes}.csv`);
	writeFileSync(file, `${header}${setting},${value},anything,days,ours,our own,D\n`);
	await importReference(home, [file]);
	return home;
}

test.each(settings)('%s changed to %s', async (setting, changed, question, shipped, then) => {
	expect(await answer(asShipped, question)).toBe(shipped);
	const built = await build(await homeWith(setting, changed));
	try {
		expect(await answer(built, question)).toBe(then);
	} finally {
		built.close();
	}
});

test.each([
	['minimum_period_days', '0', 'not a whole number from 1 to 366'],
	['minimum_period_days', 'ninety', 'not a whole number from 1 to 366'],
	['attribution', 'nearest', 'not days_supply or fills or latest_fill'],
	['grace_days', '3', 'no setting is called "grace_days"']
])('%s cannot be %s', async (setting, value, words) => {
	await expect(homeWith(setting, value)).rejects.toThrow(words);
});
