import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { hospitalMeasures } from '$lib/domain/hospital_rate';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from '../cases/warehouse';
import { dice } from './scope_question';

/** What is drawn for a person; nothing of one touches another of the same person, so that each is an event of its own. */
type Event = { kind: 'stay' | 'visit' | 'observation'; from: number; nights: number; diagnosis: string; home: boolean };
type Fill = { ingredient: string; on: number; days: number };
type Span = { from: number; to: number; plan: string; medical: boolean; pharmacy: boolean };
type Person = { id: string; events: Event[]; fills: Fill[]; spans: Span[] };

const first = dayOf('2025-01-01');
const last = dayOf('2025-12-31');
/** Who ran out is told from the month after the ninetieth day from the first fill: from April on. */
const firstFill = dayOf('2024-12-01');
const supplyTold = '2025-04';
/** Days from one beginning to the next, at least: more than the longest stay and two, so that none is a transfer and no visit led to a stay; but some are readmissions. */
const apart = { soon: 12, later: 60 };
const diagnoses = {
	plain: 'M1711',
	avoidable: 'N390',
	medicine: 'I5033',
	definite: 'D6832',
	poisoning: 'T45511A',
	underdosing: 'T501X6A',
	copd: 'J441'
};

function people(seed: number): Person[] {
	const roll = dice(seed);
	return Array.from({ length: 300 }, (_, at): Person => {
		const events: Event[] = [];
		for (
			let day = first + roll.upTo(40);
			day < last - 10;
			day += (roll.is(0.3) ? apart.soon : apart.later) + roll.upTo(50)
		)
			events.push({
				kind: roll.one(['stay', 'stay', 'visit', 'observation']),
				from: day,
				nights: roll.upTo(9),
				diagnosis: roll.one(Object.values(diagnoses)),
				home: roll.is(0.8)
			});
		const fills = Array.from({ length: roll.upTo(4) }, () => ({
			ingredient: roll.one(['lisinopril', 'atorvastatin', 'tiotropium']),
			on: firstFill + roll.upTo(390),
			days: roll.one([30, 90])
		}));
		const cut = first + roll.upTo(364);
		const spans = roll.is(0.6)
			? [{ from: dayOf('2024-01-01'), to: last, plan: 'A', medical: true, pharmacy: roll.is(0.8) }]
			: [
					{ from: dayOf('2024-01-01'), to: cut - 1, plan: 'A', medical: roll.is(0.7), pharmacy: true },
					{ from: cut, to: last, plan: 'B', medical: roll.is(0.7), pharmacy: roll.is(0.7) }
				];
		return { id: `P${String(at).padStart(3, '0')}`, events, fills, spans };
	});
}

const drawn = people(20261122);
let built: Built;
let idOf: Map<string, string>;

beforeAll(async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	const ndcs = await connection.rows<{ ingredient: string; ndc11: string }>(
		`select ingredients[1] as ingredient, min(ndc11) as ndc11 from read_parquet($file)
		where len(ingredients) = 1 and ingredients[1] in ('lisinopril', 'atorvastatin', 'tiotropium', 'warfarin') group by ingredient`,
		{ file: join(shippedFolder(), 'drug.parquet') }
	);
	database.close();
	const ndc = new Map(ndcs.map((one) => [one.ingredient, one.ndc11]));
	const claim = (
		person: string,
		at: number,
		{ kind, from, nights, diagnosis, home }: Event
	): Given[string][number] => ({
		claim_id: `${person}-${at}`,
		claim_type: 'institutional',
		person_id: person,
		claim_start_date: isoOf(from),
		claim_end_date: isoOf(kind === 'stay' ? from + nights : from),
		bill_type_code: kind === 'stay' ? '111' : '131',
		discharge_disposition_code: kind === 'stay' ? (home ? '01' : '03') : null,
		revenue_center_code: kind === 'stay' ? '0120' : kind === 'visit' ? '0450' : '0762',
		facility_npi: 'F1',
		diagnosis_code_type: 'icd-10-cm',
		diagnosis_code_1: diagnosis,
		paid_amount: 100
	});
	built = await computed(
		{
			eligibility: [
				...drawn.flatMap((person) =>
					person.spans.map((span) => ({
						person_id: person.id,
						birth_date: '1950-06-15',
						enrollment_start_date: isoOf(span.from),
						enrollment_end_date: isoOf(span.to),
						plan: span.plan,
						medical_coverage: span.medical,
						pharmacy_coverage: span.pharmacy
					}))
				),
				{
					person_id: 'last',
					birth_date: '1950-06-15',
					enrollment_start_date: '2024-01-01',
					enrollment_end_date: '2025-12-31'
				}
			],
			medical_claim: [
				...drawn.flatMap(({ id, events }) => events.map((event, at) => claim(id, at, event))),
				claim('last', 0, { kind: 'stay', from: last - 6, nights: 3, diagnosis: 'M1711', home: true }),
				{
					...claim('last', 1, { kind: 'visit', from: first, nights: 0, diagnosis: 'M1711', home: true }),
					revenue_center_code: '0510'
				},
				{
					...claim('last', 2, { kind: 'visit', from: last, nights: 0, diagnosis: 'M1711', home: true }),
					revenue_center_code: '0510'
				}
			],
			pharmacy_claim: [
				...drawn.flatMap(({ id, fills }) =>
					fills.map((fill, at) => ({
						claim_id: `${id}-f${at}`,
						person_id: id,
						dispensing_date: isoOf(fill.on),
						days_supply: fill.days,
						ndc_code: ndc.get(fill.ingredient)!
					}))
				),
				...[isoOf(firstFill), '2025-12-31'].map((dispensing_date, at) => ({
					claim_id: `last-f${at}`,
					person_id: 'last',
					dispensing_date,
					days_supply: 30,
					ndc_code: ndc.get('warfarin')!
				}))
			]
		},
		{ asOf: '2025-12-31' }
	);
	idOf = new Map(
		(await built.connection.rows<{ pid: string; patient_id: string }>('select pid, patient_id from patient')).map(
			(row) => [row.pid, row.patient_id]
		)
	);
}, 240_000);
afterAll(() => built.close());

const counted = async (measure: string, more: Record<string, string | null> = {}): Promise<string[]> =>
	(
		await built.connection.rows<{ pid: string; admitted_on: string; kind: string; plan: string }>(
			sqlFile('panels', 'hospital_counted').text,
			{ measure, from_on: '2025-01-01', to_on: '2025-12-31', plan: null, ...more, days: true, first: 0, rows: null }
		)
	)
		.map((row) => `${idOf.get(row.pid)} ${row.admitted_on} ${row.kind} ${row.plan}`)
		.filter((text) => !text.startsWith('last '))
		.sort();

/** The span of a day with this benefit; none outside coverage. */
const spanOf = (person: Person, day: number, benefit: 'medical' | 'pharmacy') =>
	person.spans.find((span) => span[benefit] && span.from <= day && day <= span.to);
const kinds = { stay: 'acute', visit: 'emergency visit', observation: 'observation' };
/** The plan of a month of medical coverage: that of the span that began last of those with a day in the month. */
const planOf = (person: Person, day: number): string => {
	const month = isoOf(day).slice(0, 7);
	const inMonth = person.spans.filter((span) => {
		for (let each = Math.max(span.from, first); each <= span.to; each++)
			if (isoOf(each).slice(0, 7) === month) return span.medical;
		return false;
	});
	return inMonth.at(-1)!.plan;
};
const line = (person: Person, event: Event) =>
	`${person.id} ${isoOf(event.from)} ${kinds[event.kind]} ${planOf(person, event.from)}`;

/** Event by event, from what was drawn: which count above the line of a measure by the day on which they began. */
function walked(counts: (event: Event, person: Person) => boolean): string[] {
	return drawn
		.flatMap((person) =>
			person.events
				.filter((event) => spanOf(person, event.from, 'medical') && counts(event, person))
				.map((event) => line(person, event))
		)
		.sort();
}

const isOf =
	(kind: Event['kind'], ...codes: string[]) =>
	(event: Event) =>
		event.kind === kind && (!codes.length || codes.includes(event.diagnosis));
const harmed = (code: string) => (event: Event) => event.kind !== 'observation' && event.diagnosis === code;

/** Day by day: the class (blood pressure, statins, inhalers) has had no supply for so many days in a row that began after a fill and before this day, within the last 30. */
function afterGap(event: Event, person: Person): boolean {
	if (event.kind === 'observation') return false;
	const month = isoOf(event.from).slice(0, 7);
	const covered = person.spans.some((span) => {
		for (let day = span.from; day <= span.to; day++) if (isoOf(day).slice(0, 7) === month) return span.pharmacy;
		return false;
	});
	if (!covered || month < supplyTold) return false;
	return ['lisinopril', 'atorvastatin', 'tiotropium'].some((ingredient) => {
		const fills = person.fills
			.filter((fill) => fill.ingredient === ingredient)
			.sort((a, b) => a.on - b.on || a.days - b.days);
		let reach = -Infinity;
		const gaps: { lastFill: number; out: number; gap: number }[] = [];
		for (const [at, fill] of fills.entries()) {
			reach = Math.max(reach + 1, fill.on) + fill.days - 1;
			const next = fills[at + 1]?.on ?? Infinity;
			const gap = reach + 7;
			if (next > gap && gap <= last) gaps.push({ lastFill: fill.on, out: reach, gap });
		}
		return gaps.some(({ lastFill, out, gap }) => {
			if (event.from < gap || event.from > gap + 30) return false;
			const stayed = person.events.some(
				(each) => each.kind === 'stay' && each.from < gap && each.from + each.nights >= lastFill
			);
			if (stayed) return false;
			for (let day = out + 1; day <= event.from; day++) if (!spanOf(person, day, 'pharmacy')) return false;
			return true;
		});
	});
}

const byEvent: Record<string, (event: Event, person: Person) => boolean> = {
	hospital_admissions: isOf('stay'),
	length_of_stay: isOf('stay'),
	hospital_bed_days: isOf('stay'),
	emergency_visits: isOf('visit'),
	observation_stays: isOf('observation'),
	avoidable_admissions: isOf('stay', diagnoses.avoidable, diagnoses.medicine, diagnoses.copd),
	avoidable_admissions_medicine: isOf('stay', diagnoses.medicine, diagnoses.copd),
	drug_harm_definite: harmed(diagnoses.definite),
	drug_harm_poisoning: harmed(diagnoses.poisoning),
	drug_harm_underdosing: harmed(diagnoses.underdosing),
	hospital_after_gap: afterGap
};

test.each(Object.entries(byEvent))(
	'%s: the stays and visits of a walk over what was drawn',
	async (measure, counts) => {
		const wanted = walked(counts);
		expect(wanted.length).toBeGreaterThan(5);
		expect(await counted(measure)).toEqual(wanted);
	}
);

const daysOf = (month: string) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();

type Row = { evidence: string; admitted_on: string; discharged_on: string; plan: string };
const rowsOf = (measure: string, more: Record<string, string | null> = {}) =>
	built.connection.rows<Row>(sqlFile('panels', 'hospital_counted').text, {
		measure,
		...{ from_on: '2025-01-01', to_on: '2025-12-31', plan: null, ...more },
		...{ days: true, first: 0, rows: null }
	});

test('every measure: the rows are its numerator, for the year, each month and each plan; asked for a month of a plan, that month’s', async () => {
	let rows = 0;
	for (const { id, chart } of hospitalMeasures.filter((one) => one.group !== 'paid')) {
		const sums = await built.connection.rows<{ period: string; dimension: string; value: string; n: number }>(
			`select period, dimension, dimension_value as value, numerator::integer as n from measure_result
			where measure = $measure and dimension in ('all', 'plan') and period = '2025'
			union all
			select period, dimension, dimension_value, numerator::integer from hospital_result
			where measure = $measure and dimension in ('all', 'plan') and length(period) = 7`,
			{ measure: id }
		);
		expect([id, sums.length > 12]).toEqual([id, true]);
		const found = await rowsOf(id);
		rows += found.length;
		const day = (row: Row) => (chart === 'p' ? row.discharged_on : row.admitted_on);
		const worth = (row: Row) =>
			id === 'hospital_bed_days'
				? Number.parseInt(row.evidence)
				: id === 'length_of_stay'
					? Math.max(1, dayOf(row.discharged_on) - dayOf(row.admitted_on))
					: 1;
		for (const { period, dimension, value, n } of sums) {
			const own = found.filter((row) => day(row).startsWith(period) && (dimension === 'all' || row.plan === value));
			const sum = own.reduce((total, row) => total + worth(row), 0);
			expect([id, period, dimension, value, sum]).toEqual([id, period, dimension, value, n]);
		}
		for (const month of ['2025-05', '2025-10', ...(chart === 'p' ? ['2025-06', '2025-07', '2025-08'] : [])])
			expect(
				await rowsOf(id, { from_on: `${month}-01`, to_on: isoOf(dayOf(`${month}-01`) + daysOf(month) - 1), plan: 'A' })
			).toEqual(found.filter((row) => day(row).startsWith(month) && row.plan === 'A'));
	}
	expect(rows).toBeGreaterThan(2000);
}, 240_000);
