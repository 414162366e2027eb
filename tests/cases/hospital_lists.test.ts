import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import { fillRow, medicalLine, rosterRows } from './stay_claim';
import { computed, type Built, type Given } from './warehouse';

/** One invented person on 30 June 2025: claims, fills (`warfarin 05-01 30`), sessions (`cmr 06-20`), and what is said of them. */
type Person = { claims: string[]; fills?: string[]; sessions?: string[]; about?: string[]; contact?: boolean };
const stay = 'A 111 06-10..06-14 dx I5023';

const people: Record<string, Person> = {
	// Thirty days from 15 May reach 13 June, four nights in hospital make it 17 June; nothing since.
	not_refilled: { claims: [stay], fills: ['lisinopril 05-15 30'] },
	refilled: { claims: [stay], fills: ['lisinopril 05-15 30', 'lisinopril 06-16 30'] },
	still_on_hand: { claims: [stay], fills: ['lisinopril 05-15 90'] },
	// 28 May + 30 days is 26 June; four nights in hospital make it 30 June, the as-of day itself: not yet out.
	nights_carry: { claims: [stay], fills: ['lisinopril 05-28 30'] },
	nights_do_not_carry_further: { claims: [stay], fills: ['lisinopril 05-27 30'] },
	ended_before_the_stay: { claims: [stay], fills: ['lisinopril 04-01 30'] },
	new_medicine: { claims: [stay], fills: ['furosemide 06-15 30'] },
	filled_within_180_days: { claims: [stay], fills: ['furosemide 01-15 30', 'furosemide 06-15 30'] },
	reviewed: { claims: [stay], fills: ['furosemide 06-15 30'], sessions: ['transition_of_care 06-16'] },
	reviewed_before: { claims: [stay], fills: ['furosemide 06-15 30'], sessions: ['cmr 06-01'] },
	review_refused: { claims: [stay], fills: ['furosemide 06-15 30'], sessions: ['cmr 06-20 refused'] },
	thirty_days: { claims: ['A 111 05-28..05-31'], fills: ['furosemide 06-15 30'] },
	thirty_one_days: { claims: ['A 111 05-28..05-30'], fills: ['furosemide 06-15 30'] },
	to_nursing: { claims: ['A 111 06-10..06-14 to 03'], fills: ['furosemide 06-15 30'] },
	home_health: { claims: ['A 111 06-10..06-14 to 06'], fills: ['furosemide 06-15 30'] },
	back_again: { claims: [stay, 'B 111 06-20..06-28 to 03'], fills: ['furosemide 06-15 30'] },
	nursing_after: { claims: [stay, 'B 211 06-20..06-28 at N1'], fills: ['furosemide 06-15 30'] },
	died: { claims: [stay], fills: ['furosemide 06-15 30'], about: ['died 06-20'] },
	left_alone: { claims: [stay], fills: ['furosemide 06-15 30'], contact: true },

	three_visits: { claims: ['A 131 04-01 ward 0450', 'B 131 05-01 ward 0450', 'C 131 06-01 ward 0450'] },
	two_visits: { claims: ['A 131 05-01 ward 0450', 'B 131 06-01 ward 0450'] },
	third_led_to_stay: {
		claims: ['A 131 04-01 ward 0450', 'B 131 05-01 ward 0450', 'C 131 06-01 ward 0450', 'D 111 06-01..06-02 to 03']
	},
	one_too_old: { claims: ['A 131 01-01 ward 0450', 'B 131 05-01 ward 0450', 'C 131 06-01 ward 0450'] },
	just_within_180: { claims: ['A 131 01-02 ward 0450', 'B 131 05-01 ward 0450', 'C 131 06-01 ward 0450'] },
	none_lately: { claims: ['A 131 02-01 ward 0450', 'B 131 03-01 ward 0450', 'C 131 05-01 ward 0450'] },

	harmed_and_filled: {
		claims: ['A 111 03-01..03-05 dx K922,T45515A:Y to 03'],
		fills: ['warfarin 02-10 30', 'warfarin 04-01 30']
	},
	harmed_and_stopped: { claims: ['A 111 03-01..03-05 dx K922,T45515A:Y to 03'], fills: ['warfarin 02-10 30'] },
	harmed_and_changed: {
		claims: ['A 111 03-01..03-05 dx K922,T45515A:Y to 03'],
		fills: ['warfarin 02-10 30', 'apixaban 04-01 30']
	},
	filled_on_the_day_home: {
		claims: ['A 111 03-01..03-05 dx K922,T45515A:Y to 03'],
		fills: ['warfarin 02-10 30', 'warfarin 03-05 30']
	},
	only_possible: { claims: ['A 111 03-01..03-05 dx K922 to 03'], fills: ['warfarin 02-10 30', 'warfarin 04-01 30'] },

	underdosed: { claims: ['A 111 05-01..05-05 dx I5023,Z91120 to 03'] },
	underdosed_ninety: { claims: ['A 111 04-02..04-05 dx I5023,Z91120 to 03'] },
	underdosed_long_ago: { claims: ['A 111 04-01..04-05 dx I5023,Z91120 to 03'] }
};

let built: Built;
type Row = {
	patient_id: string;
	list: string;
	reason: string;
	evidence: string;
	due_on: string | null;
	priority: number;
};
let rows: Row[];
const on = (list: string) => rows.filter((row) => row.list === list).map((row) => row.patient_id);
const row = (list: string, person: string) => rows.find((one) => one.list === list && one.patient_id === person)!;

beforeAll(async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	const found = await connection.rows<{ ingredient: string; ndc11: string }>(
		`select ingredients[1] as ingredient, min(ndc11) as ndc11 from read_parquet($file) where len(ingredients) = 1 and route = 'oral' group by ingredient`,
		{ file: join(shippedFolder(), 'drug.parquet') }
	);
	database.close();
	const ndc = new Map(found.map((one) => [one.ingredient, one.ndc11]));
	const every = Object.entries(people);
	const given: Given = {
		eligibility: every.flatMap(([person, one]) => rosterRows(person, one.about ?? [])),
		medical_claim: every.flatMap(([person, one]) => one.claims.map((claim) => medicalLine(person, claim))),
		pharmacy_claim: every.flatMap(([person, one]) =>
			(one.fills ?? []).map((fill, at) => fillRow(person, fill, at, (ingredient) => ndc.get(ingredient)!))
		),
		mtm_service: every.flatMap(([person, one]) =>
			(one.sessions ?? []).map((session, at) => {
				const [type, day, status] = session.split(' ') as [string, string, string?];
				return {
					service_id: `${person}-s${at}`,
					person_id: person,
					service_type: type,
					service_date: `2025-${day}`,
					status: status ?? 'completed'
				};
			})
		),
		contact: every.filter(([, one]) => one.contact).map(([person]) => ({ person_id: person, do_not_contact: true }))
	};
	built = await computed(given, { asOf: '2025-06-30' });
	rows = await built.connection.rows<Row>(
		'select patient_id, list, reason, evidence, due_on, priority from review_list order by list, priority'
	);
});
afterAll(() => built.close());

describe('home from hospital', () => {
	const list = () => on('home_from_hospital');
	test.each([
		'not_refilled',
		'nights_do_not_carry_further',
		'new_medicine',
		'reviewed_before',
		'review_refused',
		'thirty_days',
		'home_health'
	])('%s is on it', (person) => expect(list()).toContain(person));
	test.each([
		'refilled',
		'still_on_hand',
		'nights_carry',
		'ended_before_the_stay',
		'filled_within_180_days',
		'reviewed',
		'thirty_one_days',
		'to_nursing',
		'back_again',
		'nursing_after',
		'died',
		'left_alone'
	])('%s is not', (person) => expect(list()).not.toContain(person));
	test('the reason, and the claims that say so', () => {
		expect(row('home_from_hospital', 'not_refilled')).toMatchObject({
			reason: 'Home 14 Jun after 4 days for I5023; not refilled: lisinopril (ran out 17 Jun)',
			evidence: 'Stay plan/not_refilled-A, 10 Jun to 14 Jun 2025; lisinopril last filled 15 May, claim not_refilled-f0',
			due_on: '2025-07-14'
		});
		expect(row('home_from_hospital', 'new_medicine')).toMatchObject({
			reason: 'Home 14 Jun after 4 days for I5023; new: furosemide',
			evidence: 'Stay plan/new_medicine-A, 10 Jun to 14 Jun 2025; furosemide first filled 15 Jun, claim new_medicine-f0'
		});
	});
});

test('frequent emergency visits', () => {
	expect(on('frequent_emergency').sort()).toEqual(['just_within_180', 'three_visits']);
	expect(row('frequent_emergency', 'three_visits').reason).toBe('3 emergency visits in 180 days, the last 1 Jun');
});

test('a medicine that harmed, filled again', () => {
	expect(on('harmful_drug_still_filled')).toEqual(['harmed_and_filled']);
	expect(row('harmful_drug_still_filled', 'harmed_and_filled')).toMatchObject({
		reason: 'Harm by a medicine 1 Mar 2025; filled since: warfarin',
		evidence: 'warfarin 1 Apr 2025, claim harmed_and_filled-f1, after plan/harmed_and_filled-A (T45515A)'
	});
});

test('hospital after underdosing', () => {
	expect(on('underdosing_stay')).toEqual(['underdosed', 'underdosed_ninety']);
	expect(row('underdosing_stay', 'underdosed').reason).toContain('Z91120');
});
