import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import { sqlFile } from '$lib/server/sql';
import { fillRow, medicalLine, parts, rosterRows, tableUnder } from './stay_claim';
import { computed } from './warehouse';

const text = readFileSync(join(import.meta.dirname, 'readmissions.md'), 'utf8');
const headings = [
	'Readmission',
	'Emergency visits',
	'Observation',
	'Avoidable admissions',
	'Harm by medicines',
	'After a gap in supply',
	'Discharges and the fills they call for'
] as const;
const cases = headings.flatMap((heading, part) =>
	tableUnder(text, heading).map(([name, claims, about, expected], row) => ({
		heading,
		name: name!,
		claims: parts(claims!),
		about: parts(about!),
		expected: expected!,
		person: `${'RVOQHGD'[part]}${row}`
	}))
);
type Case = (typeof cases)[number];

async function ndcs(): Promise<(ingredient: string) => string> {
	const wanted = new Set(
		cases.flatMap((one) => one.about.filter((part) => part.startsWith('fill ')).map((part) => part.split(' ')[1]!))
	);
	const database = await openDatabase();
	const connection = await database.connect();
	const found = await connection.rows<{ ingredient: string; ndc11: string }>(
		`select ingredients[1] as ingredient, min(ndc11) as ndc11 from read_parquet($file) where len(ingredients) = 1 and route = 'oral' group by ingredient`,
		{ file: join(shippedFolder(), 'drug.parquet') }
	);
	database.close();
	const known = new Map(found.filter((one) => wanted.has(one.ingredient)).map((one) => [one.ingredient, one.ndc11]));
	return (ingredient) => {
		const ndc = known.get(ingredient);
		if (!ndc) throw new Error(`no NDC has exactly ${ingredient}`);
		return ndc;
	};
}

async function results(): Promise<(one: Case) => string> {
	const ndc = await ndcs();
	const built = await computed(
		{
			eligibility: [...cases.flatMap((one) => rosterRows(one.person, one.about)), ...rosterRows('last', [])],
			medical_claim: [
				...cases.flatMap((one) => one.claims.map((claim) => medicalLine(one.person, claim))),
				medicalLine('last', 'A 111 12-20..12-25')
			],
			pharmacy_claim: [
				...cases.flatMap((one) =>
					one.about
						.filter((part) => part.startsWith('fill '))
						.map((part, at) => fillRow(one.person, part.slice(5), at, ndc))
				),
				fillRow('last', 'warfarin 2024-11-01 30', 0, ndc),
				fillRow('last', 'warfarin 12-28 30', 1, ndc)
			]
		},
		{ asOf: '2025-12-31' }
	);
	type Said = { person: string; said: string; paid: number };
	const read = (sql: string) => built.connection.rows<Said>(sql);
	const stays = await read(`
		select patient_id as person, coalesce(excluded_because, 'index') || if(readmitted_within_30_days, ' readmitted', '')
			|| case when planned then ' planned' when planned is null then ' planned?' else '' end as said, 0 as paid
		from stay order by patient_id, admitted_on, discharged_on`);
	const visits = await read(`
		select patient_id as person, strftime(visited_on, '%m-%d') || if(led_to_stay, ' stay', '') as said, coalesce(paid_amount, 0) as paid
		from ed_visit order by patient_id, visited_on`);
	const observation = await read(`
		select patient_id as person, strftime(from_on, '%m-%d') || '..' || strftime(to_on, '%m-%d') || if(stay_no is null, '', ' stay') as said, 0 as paid
		from observation_fact inner join patient using (patient_no) order by patient_id, from_on`);
	const avoidable = await read(
		`select patient_id as person, coalesce(avoidable, '-') as said, 0 as paid from stay order by patient_id, admitted_on, discharged_on`
	);
	const harm = await read(`
		select patient_id as person, string_agg(tier, ' ' order by tier_order) as said, 0 as paid
		from drug_event inner join patient using (patient_no) group by patient_id, stay_no, visit_no`);
	const afterGap = await read(`
		select patient_id as person,
			strftime(on_day, '%m-%d') || ' ' || array_to_string(list_transform(gaps, lambda gap: gap.measure), ' ') as said, 0 as paid
		from event_after_gap inner join patient using (patient_no) order by patient_id, on_day`);
	const discharges = await read(`
		select patient_id as person,
			coalesce(excluded_because, case when len(not_on_hand) = 0 then 'filled' else 'without ' || array_to_string(not_on_hand, ' ') end
				|| coalesce(' back ' || strftime(coalesce(again.admitted_on, visit.visited_on), '%m-%d'), '')) as said, 0 as paid
		from discharge_fill as discharge
		inner join patient on discharge.patient_no = patient.patient_no
		left join stay_fact as again on discharge.again_stay_no = again.stay_no
		left join ed_visit_fact as visit on discharge.again_visit_no = visit.visit_no
		order by patient_id, discharge.stay_no`);
	const first = await read(
		`select patient_id as person, coalesce(adverse_drug_event, '-') as said, 0 as paid from stay`
	);
	const rates = await built.connection.rows<{ measure: string; n: number; d: number }>(`
		select measure, numerator as n, denominator as d from measure_result
		where period = '2025' and dimension = 'all'`);
	const months = await built.connection.rows<{ measure: string; n: number; d: number }>(`
		select measure, sum(numerator)::integer as n, sum(denominator)::integer as d from hospital_result
		where period like '2025-%' and dimension = 'all' group by measure`);
	const without = discharges.filter((row) => row.said.startsWith('without '));
	const judged = without.length + discharges.filter((row) => row.said === 'filled').length;
	const back = without.filter((row) => row.said.includes(' back ')).length;
	const { january } = await built.connection.row<{ january: number }>(
		`select denominator as january from hospital_result where measure = 'hospital_admissions' and period = '2025-01' and dimension = 'all'`
	);
	const steps = async (measure: string, days = true) =>
		await built.connection.rows<{ excluded_because: string | null; stays: number; remaining: number }>(
			sqlFile('panels', 'stay_steps').text,
			{ measure, year: 2025, days }
		);
	const [filled, backs, avoided] = [
		await steps('discharge_without_fills'),
		await steps('hospital_after_no_fill'),
		await steps('avoidable_admissions')
	];
	const [filledCoarse, backsCoarse, avoidedCoarse] = [
		await steps('discharge_without_fills', false),
		await steps('hospital_after_no_fill', false),
		await steps('avoidable_admissions', false)
	];
	built.close();
	// Where few people are hidden: nothing of a measure that another would tell; avoidable admissions from those covered.
	expect(filledCoarse).toEqual(filled);
	expect(backsCoarse).toEqual([]);
	expect(avoidedCoarse.map((step) => [step.excluded_because, step.remaining])).toEqual(
		avoided
			.filter((step) => step.excluded_because !== null)
			.map((step, at) => [at ? step.excluded_because : null, step.remaining])
	);
	expect(avoidedCoarse[0]!.remaining).toBe(rates.find((row) => row.measure === 'hospital_admissions')!.n);
	for (const because of ['died', 'not_home', 'too_recent', 'back_before', 'no_pharmacy_coverage'])
		expect([because, filled.find((step) => step.excluded_because === because)!.stays]).toEqual([
			because,
			discharges.filter((row) => row.said === because).length
		]);
	for (const told of [filled, backs, avoided])
		for (const [at, step] of told.entries()) if (at) expect(step.remaining).toBe(told[at - 1]!.remaining - step.stays);
	const isAvoidable = (row: Said) => row.said !== '-';
	expect(avoided.at(-1)!.remaining).toBe(rates.find((row) => row.measure === 'avoidable_admissions')!.n);
	expect(avoided.at(-1)!.remaining).toBeLessThanOrEqual(avoidable.filter(isAvoidable).length);
	for (const because of ['not_covered', 'icd_9', 'under_18', 'transferred_in', 'not_avoidable'])
		expect(avoided.find((step) => step.excluded_because === because)!.stays, because).toBeGreaterThan(0);
	for (const sums of [rates, months]) {
		const rate = (measure: string) => sums.find((row) => row.measure === measure)!;
		// Everybody with medical coverage, but the people without pharmacy coverage, and January: 90 days from the first fill on 2024-11-01 end in it.
		const noPharmacy = cases.filter((one) => one.about.includes('no pharmacy')).length;
		expect(rate('hospital_after_gap')).toMatchObject({
			n: afterGap.length,
			d: rate('hospital_admissions').d - january - noPharmacy * 11
		});
		expect(rate('discharge_without_fills')).toMatchObject({ n: without.length, d: judged });
		expect(rate('hospital_after_no_fill')).toMatchObject({ n: back, d: without.length });
		expect([filled.at(-1)!.remaining, backs.at(-1)!.remaining]).toEqual([judged, without.length]);
	}
	const of = (rows: Said[], one: Case) => rows.filter((row) => row.person === one.person);
	for (const one of cases.filter((each) => each.heading === 'Harm by medicines' && of(first, each).length))
		expect(of(first, one)[0]!.said, one.name).toBe(one.expected.split(' ')[0]);
	return (one) => {
		const rows = of(
			{
				Readmission: stays,
				'Emergency visits': visits,
				Observation: observation,
				'Avoidable admissions': avoidable,
				'Harm by medicines': harm,
				'After a gap in supply': afterGap,
				'Discharges and the fills they call for': discharges
			}[one.heading],
			one
		);
		const words = rows.map((row) => row.said);
		if (one.expected.includes('; paid ')) words.push(`paid ${rows.reduce((sum, row) => sum + row.paid, 0)}`);
		return words.length === 0 && one.expected !== '' ? '-' : words.join('; ');
	};
}

let result: ReturnType<typeof results> | undefined;
test.each(cases)('$heading: $name', async (one) => {
	result ??= results();
	expect((await result)(one)).toBe(one.expected);
});
