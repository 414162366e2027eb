import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { computed, type Given } from '../cases/warehouse';

/** Small seeded generator (mulberry32). */
function dice(seed: number) {
	const next = () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return { upTo: (most: number) => Math.floor(next() * (most + 1)), is: (share: number) => next() < share };
}

type Bill = {
	person: string;
	place: string;
	lead: '11' | '21';
	from: number;
	to: number;
	open: boolean;
	went: string;
	paid: number;
};

const people = 400;
const start = dayOf('2025-01-01');

/** Crowded histories: up to seven bills in 60 days at three places, so that every kind of touching and overlapping occurs. */
function histories(seed: number): Bill[] {
	const roll = dice(seed);
	return Array.from({ length: people }, (_, person) =>
		Array.from({ length: 1 + roll.upTo(6) }, (): Bill => {
			const from = start + roll.upTo(60);
			const open = roll.is(0.25);
			return {
				person: `P${String(person).padStart(4, '0')}`,
				place: ['F1', 'F2', 'N1'][roll.upTo(2)]!,
				lead: '11',
				from,
				to: from + (roll.is(0.15) ? 0 : roll.upTo(14)),
				open,
				went: open ? '30' : ['01', '02', '03'][roll.upTo(2)]!,
				paid: roll.upTo(9) * 100
			};
		}).map((bill) => (bill.place === 'N1' ? { ...bill, lead: '21' as const } : bill))
	).flat();
}

/** The same stay billed in parts: the earlier ones still a patient. */
function split(bills: Bill[], seed: number): Bill[] {
	const roll = dice(seed);
	return bills.flatMap((bill) => {
		if (bill.to - bill.from < 2 || roll.is(0.4)) return [bill];
		const cut = bill.from + roll.upTo(bill.to - bill.from - 1);
		return [
			{ ...bill, to: cut, open: true, went: '30', paid: 0 },
			{ ...bill, from: cut + 1 }
		];
	});
}

const rows = (bills: Bill[]): Given[string] =>
	bills.map((bill, at) => ({
		claim_id: `C${at}`,
		claim_type: 'institutional',
		person_id: bill.person,
		claim_start_date: isoOf(bill.from),
		claim_end_date: isoOf(bill.to),
		bill_type_code: `${bill.lead}${bill.open ? '3' : '1'}`,
		discharge_disposition_code: bill.went,
		facility_npi: bill.place,
		diagnosis_code_type: 'icd-10-cm',
		diagnosis_code_1: 'I5020',
		paid_amount: bill.paid
	}));

type Stay = {
	person: string;
	from: number;
	to: number;
	kind: string;
	facility: string;
	is_admission: boolean;
	bed_days: number;
	paid: number;
	excluded: string | null;
	again: boolean | null;
};

async function stays(medical_claim: Given[string]): Promise<Stay[]> {
	const built = await computed(
		{
			eligibility: Array.from({ length: people }, (_, person) => ({
				person_id: `P${String(person).padStart(4, '0')}`,
				birth_date: '1950-01-01',
				enrollment_start_date: '2025-01-01',
				enrollment_end_date: '2025-12-31'
			})),
			medical_claim
		},
		{ asOf: '2025-12-31', only: ['stay'] }
	);
	const found = await built.connection.rows<Stay>(`
		select patient_id as person, (admitted_on - date '1970-01-01')::integer as "from", (discharged_on - date '1970-01-01')::integer as "to", kind,
			facility_npi as facility, is_admission, bed_days, coalesce(paid_amount, 0) as paid, excluded_because as excluded, readmitted_within_30_days as again
		from stay order by person, "from", "to", facility`);
	built.close();
	return found;
}

const bills = histories(20261121);
let plain: Stay[];
beforeAll(async () => {
	plain = await stays(rows(bills));
}, 120_000);
afterAll(() => undefined);

test('there is enough to judge', () => {
	expect(bills.length).toBeGreaterThan(people * 3);
	expect(plain.length).toBeGreaterThan(people);
	expect(plain.filter((stay) => !stay.is_admission).length).toBeGreaterThan(50);
});

test('the order of claims changes nothing', async () => {
	const turned = rows(bills)
		.map((row, at) => ({ row, key: (at * 7919) % bills.length }))
		.sort((a, b) => a.key - b.key)
		.map(({ row }) => row);
	expect(await stays(turned)).toEqual(plain);
});

test('splitting stays into interim bills changes nothing', async () => {
	const parts = split(bills, 7);
	expect(parts.length).toBeGreaterThan(bills.length * 1.2);
	const money = (all: Stay[]) => all.reduce((sum, stay) => sum + stay.paid, 0);
	const again = await stays(rows(parts));
	const bare = (all: Stay[]) => all.map((stay) => ({ ...stay, paid: null }));
	expect(bare(again)).toEqual(bare(plain));
	expect(money(again)).toBe(money(plain));
});

test('stays of one patient share at most a boundary day', () => {
	for (const [at, one] of plain.entries())
		for (const other of plain.slice(at + 1).filter((each) => each.person === one.person)) {
			const shared = Math.min(one.to, other.to) - Math.max(one.from, other.from);
			expect(shared, JSON.stringify([one, other])).toBeLessThanOrEqual(0);
		}
});

test('every night counts once: the nights of the stays are those of a walk over the calendar', () => {
	for (let person = 0; person < people; person++) {
		const id = `P${String(person).padStart(4, '0')}`;
		const own = bills.filter((bill) => bill.person === id);
		const nights = new Set<number>();
		for (const bill of own) {
			for (let night = bill.from; night < bill.to; night++) nights.add(night);
			// Still a patient, and billed on from the next day: the night between is one of the stay's.
			if (bill.open && own.some((next) => next.place === bill.place && next.from === bill.to + 1)) nights.add(bill.to);
		}
		const mine = plain.filter((stay) => stay.person === id);
		expect(
			mine.reduce((sum, stay) => sum + stay.to - stay.from, 0),
			id
		).toBe(nights.size);
	}
});

test('no amount is lost or counted twice', () => {
	const sum = (all: { paid: number }[]) => all.reduce((total, one) => total + one.paid, 0);
	expect(sum(plain)).toBe(sum(bills));
});
