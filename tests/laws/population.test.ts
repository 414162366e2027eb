import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf, lastDayOfMonth } from '$lib/domain/day';
import { computed, type Built, type Given } from '../cases/warehouse';
import { walk, type Fill } from './calendar';

/** Small seeded generator (mulberry32). */
function dice(seed: number) {
	const next = () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return {
		upTo: (most: number) => Math.floor(next() * (most + 1)),
		is: (share: number) => next() < share,
		one: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)]!
	};
}

interface Product {
	ndc: string;
	/** Target ingredients of the diabetes class, as numbers. */
	targets: number[];
	isInsulin?: boolean;
}

/** NDCs with their ingredients of the class; the first two are one ingredient in two packages. */
const products: Product[] = [
	{ ndc: '00093721298', targets: [0] },
	{ ndc: '00093-1048-01', targets: [0] },
	{ ndc: '00006011231', targets: [1] },
	{ ndc: '00006057761', targets: [0, 1] },
	{ ndc: '00591046001', targets: [2] },
	{ ndc: '00088222033', targets: [], isInsulin: true }
];

interface Claim {
	id: string;
	day: number;
	days: number;
	product: Product;
	stands: boolean;
	pharmacy: string;
}

interface Person {
	id: string;
	born: number;
	died: number | null;
	enrolled: { from: number; to: number }[];
	claims: Claim[];
	stays: { from: number; to: number }[];
	hospice: boolean;
}

const first = dayOf('2025-01-01');
const last = dayOf('2025-12-31');
const asOf = dayOf('2025-10-15');

function people(count: number, seed: number): Person[] {
	const roll = dice(seed);
	return Array.from({ length: count }, (_, at) => {
		const id = `P${String(at).padStart(5, '0')}`;
		const died = roll.is(0.06) ? first + roll.upTo(420) : null;
		const enrolled: Person['enrolled'] = [];
		let from = first - 200 + (roll.is(0.3) ? roll.upTo(300) : 0);
		for (let spans = 1 + roll.upTo(2); spans > 0; spans--) {
			const to = roll.is(0.5) ? last + roll.upTo(200) : from + roll.upTo(300);
			enrolled.push({ from, to });
			from = to + 1 + (roll.is(0.5) ? 0 : roll.upTo(40));
		}
		const favourite = roll.one(products);
		const claims: Claim[] = [];
		let day = first - 40 + roll.upTo(120);
		for (let fills = roll.upTo(14); fills > 0 && day <= last; fills--) {
			const product = roll.is(0.75) && !favourite.isInsulin ? favourite : roll.one(products);
			if (product.isInsulin && roll.is(0.85)) continue;
			const days = roll.one([7, 28, 30, 30, 30, 31, 60, 84, 90]);
			claims.push({
				id: `${id}-${claims.length}`,
				day,
				days,
				product,
				stands: !roll.is(0.07),
				pharmacy: roll.one(['1000000001', '1000000002'])
			});
			day += Math.max(0, days - 20 + roll.upTo(35)) * (roll.is(0.05) ? 0 : 1);
		}
		const stays = Array.from({ length: roll.is(0.35) ? 1 + roll.upTo(2) : 0 }, () => {
			const start = first - 20 + roll.upTo(330);
			return roll.is(0.04) ? { from: first - 30, to: last } : { from: start, to: start + roll.upTo(25) };
		});
		return {
			id,
			born: roll.is(0.03) ? dayOf('2007-01-01') + roll.upTo(3) - 1 : dayOf('1950-03-04'),
			died,
			enrolled,
			claims,
			stays,
			hospice: roll.is(0.02)
		};
	});
}

function tables(some: Person[], seed: number): Given {
	const roll = dice(seed);
	const shuffled = <T>(rows: T[]) => {
		for (let i = rows.length - 1; i > 0; i--) {
			const j = roll.upTo(i);
			[rows[i], rows[j]] = [rows[j]!, rows[i]!];
		}
		return rows;
	};
	return {
		eligibility: shuffled(
			some.flatMap((person) =>
				person.enrolled.map((span) => ({
					person_id: person.id,
					birth_date: isoOf(person.born),
					death_date: person.died === null ? null : isoOf(person.died),
					enrollment_start_date: isoOf(span.from),
					enrollment_end_date: isoOf(span.to),
					hospice_start_date: person.hospice ? '2025-07-07' : null,
					hospice_end_date: person.hospice ? '2025-07-09' : null
				}))
			)
		),
		pharmacy_claim: shuffled(
			some.flatMap((person) =>
				person.claims.flatMap((claim) => {
					const row = {
						claim_id: claim.id,
						person_id: person.id,
						dispensing_date: isoOf(claim.day),
						days_supply: claim.days,
						ndc_code: claim.product.ndc,
						dispensing_provider_npi: claim.pharmacy
					};
					return claim.stands
						? [row]
						: [row, { ...row, claim_id: `${claim.id}-R`, claim_status: 'reversed', original_claim_id: claim.id }];
				})
			)
		),
		medical_claim: shuffled(
			some.flatMap((person) =>
				person.stays.map((stay, at) => ({
					claim_id: `${person.id}-S${at}`,
					person_id: person.id,
					claim_start_date: isoOf(stay.from),
					claim_end_date: isoOf(stay.to),
					bill_type_code: ['111', '211', '181'][at % 3]!
				}))
			)
		)
	};
}

/** What the calendar says of one person in the diabetes measure of 2025; null when no target was filled. */
function expected(person: Person) {
	const claims = person.claims.filter(
		(claim) => claim.stands && claim.day >= first && claim.day <= Math.min(last, asOf)
	);
	const targets = claims.filter((claim) => claim.product.targets.length > 0);
	if (targets.length === 0) return null;
	const isAlive = (day: number) => person.died === null || day <= person.died;
	const isEnrolled = (day: number) =>
		isAlive(day) && person.enrolled.some((span) => span.from <= day && day <= span.to);
	const counting = targets.filter((claim) => isEnrolled(claim.day));
	if (counting.length === 0) return { excluded_because: 'not_enrolled' };
	const index = Math.min(...counting.map((claim) => claim.day));
	let end = index;
	for (let day = index; day <= last; day++) if (isEnrolled(day)) end = day;
	let gaps = 0;
	for (let day = index; day <= end; day++) if (!isEnrolled(day)) gaps++;
	const fills: Fill[] = counting.flatMap((claim) =>
		claim.product.targets.map((ingredient) => ({ day: claim.day, days: claim.days, ingredient }))
	);
	const known = person.stays.filter((stay) => stay.from <= asOf);
	const whole = walk({ fills, stays: known, end, asOf, least: 1 });
	const dates = new Set(counting.map((claim) => claim.day)).size;
	const reasons: [boolean, string][] = [
		[person.born > dayOf('2007-01-01'), 'under_18'],
		[person.hospice, 'hospice'],
		[
			claims.some(
				(claim) => claim.product.isInsulin && isEnrolled(claim.day) && claim.day >= index && claim.day <= end
			),
			'insulin'
		],
		[gaps > 0, 'coverage_gap'],
		[dates < 2, 'one_fill_date'],
		[end - index + 1 < 91, 'short_period'],
		[whole.period === 0, 'stays_cover_period']
	];
	const reason = reasons.find(([holds]) => holds)?.[1] ?? null;
	const missed = whole.elapsed - whole.covered;
	const allowable = Math.floor(whole.period / 5) - missed;
	const runsOut = whole.runsOut!;
	const late = Math.max(0, Math.min(asOf, end) - runsOut);
	const isSecured = whole.toEnd * 5 >= whole.period * 4;
	const lid = Math.max(runsOut + 1, asOf + 1) + allowable;
	let months = 0;
	for (let month = 1; month <= 10; month++) {
		const monthEnd = lastDayOfMonth(2025, month);
		if (monthEnd < index) continue;
		const then = walk({
			fills: fills.filter((fill) => fill.day <= monthEnd),
			stays: known,
			end,
			asOf: Math.min(monthEnd, asOf),
			least: 1
		});
		if (then.elapsed > 0 && then.covered * 5 >= then.elapsed * 4) months |= 1 << (month - 1);
	}
	return {
		excluded_because: reason,
		index_date: isoOf(index),
		period_end: isoOf(end),
		period_days: whole.period,
		elapsed_days: whole.elapsed,
		covered_days: whole.covered,
		removed_days: whole.removed,
		fills: counting.length,
		missed_days: missed,
		allowable_days_remaining: allowable,
		runs_out_on: isoOf(runsOut),
		days_late: late,
		last_impactable_on: isSecured || allowable < 0 || lid > end ? null : isoOf(lid),
		covered_days_without_stay_adjustment: whole.plain,
		period_days_without_stay_adjustment: end - index + 1,
		adherent: whole.elapsed > 0 ? whole.covered * 5 >= whole.elapsed * 4 : null,
		status:
			reason === 'one_fill_date' && end - index + 1 >= 91 && whole.period > 0 && asOf < end
				? 'not_yet_in_measure'
				: reason !== null
					? 'excluded'
					: isSecured
						? 'secured'
						: allowable < 0
							? 'lost'
							: allowable <= 7
								? 'last_chance'
								: late >= 1
									? 'overdue'
									: runsOut <= asOf + 7
										? 'due_soon'
										: 'on_track',
		month_adherent: months
	};
}

const population = people(3000, 20251015);
const only = ['adherence', 'supply'];
let built: Built;
beforeAll(async () => {
	built = await computed(tables(population, 7), { asOf: isoOf(asOf), only });
});
afterAll(() => built.close());

test('adherence of three thousand random people is what the calendar says, from claims to view', async () => {
	const rows = new Map(
		(
			await built.connection.rows(`
				select adherence.*, fact.month_adherent
				from adherence
				inner join patient using (patient_id)
				inner join adherence_fact as fact using (patient_no, measure, year)
				where measure = 'pdc_diabetes' and year = 2025`)
		).map((row) => [row.patient_id, row])
	);
	let met = 0;
	const reasons = new Set<unknown>();
	for (const person of population) {
		const want = expected(person);
		const row = rows.get(person.id);
		if (want === null) {
			expect(row, person.id).toBeUndefined();
			continue;
		}
		met++;
		reasons.add(want.excluded_because);
		expect(row, JSON.stringify(person)).toMatchObject(want);
	}
	expect(met).toBeGreaterThan(2000);
	expect([...reasons].sort()).toEqual(
		[
			'coverage_gap',
			'hospice',
			'insulin',
			'not_enrolled',
			'one_fill_date',
			'short_period',
			'stays_cover_period',
			'under_18',
			null
		].sort()
	);
});

test("the view's windows give each fill the days that the fold gives it", async () => {
	const rows = await built.connection.rows<{
		patient_id: string;
		claim_id: string;
		ingredient: string;
		counted_from: string;
		counted_to: string;
	}>(
		"select * from supply where measure = 'pdc_diabetes' and year = 2025 order by patient_id, ingredient, dispensed_on, claim_id"
	);
	const ends = new Map(
		(
			await built.connection.rows<{ patient_id: string; period_end: string }>(
				"select patient_id, period_end from adherence where measure = 'pdc_diabetes' and year = 2025"
			)
		).map((row) => [row.patient_id, dayOf(row.period_end ?? '2025-12-31')])
	);
	const days = new Map<string, { claim: Claim }>();
	for (const person of population) for (const claim of person.claims) days.set(claim.id, { claim });
	const free = new Map<string, number>();
	for (const row of rows) {
		const { claim } = days.get(row.claim_id)!;
		const key = `${row.patient_id} ${row.ingredient}`;
		const from = Math.max(claim.day, free.get(key) ?? -Infinity);
		free.set(key, from + claim.days);
		const end = ends.get(row.patient_id)!;
		expect([row.counted_from, row.counted_to], row.claim_id).toEqual(
			from > end ? [null, null] : [isoOf(from), isoOf(Math.min(end, from + claim.days - 1))]
		);
	}
	expect(rows.length).toBeGreaterThan(5000);
});

test('the union of the counted days in the view is the covered days of the fact, where there is no stay', async () => {
	const wrong = await built.connection.rows(`
		with day as (
			select distinct patient_id, unnest(range(counted_from, counted_to + 1, interval 1 day))::date as on_day
			from supply
			where measure = 'pdc_diabetes' and year = 2025 and counted_from is not null
		),
		counted as (
			select adherence.patient_id, count(*) as days
			from adherence
			inner join day on adherence.patient_id = day.patient_id and day.on_day between adherence.index_date and least(adherence.as_of, adherence.period_end)
			where adherence.measure = 'pdc_diabetes' and adherence.year = 2025
			group by adherence.patient_id
		)
		select adherence.patient_id, adherence.covered_days_without_stay_adjustment, counted.days
		from adherence
		inner join counted using (patient_id)
		where adherence.measure = 'pdc_diabetes' and adherence.year = 2025 and counted.days <> adherence.covered_days_without_stay_adjustment`);
	expect(wrong).toEqual([]);
});

test('the order in which rows lie does not matter', async () => {
	const again = await computed(tables(population, 99), { asOf: isoOf(asOf), only });
	const sql =
		'select * exclude (patient_no) from adherence_fact inner join patient using (patient_no) order by patient_id, measure, year';
	const look = sql.replace('select * exclude (patient_no)', 'select patient_id, adherence_fact.* exclude (patient_no)');
	expect(await again.connection.rows(look)).toEqual(await built.connection.rows(look));
	again.close();
});
