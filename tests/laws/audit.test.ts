import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '$lib/server/duckdb';
import { cases, given, npi } from '../cases/audit_case';
import { computed, type Given } from '../cases/warehouse';

const flagsOf = async (tables: Given): Promise<Row[]> => {
	const built = await computed(tables, { asOf: '2025-10-01', only: ['audit_finding', 'audit_claim'] });
	const rows = await built.connection.rows(
		`select claim_id, claim_line_number, rule_id, expected, found, amount_at_risk from audit_finding
		order by claim_id, claim_line_number, rule_id, found`
	);
	const [money] = await built.connection.rows(
		'select count(*) filter (where at_risk > paid or at_risk < 0)::integer as wrong from audit_claim'
	);
	expect(money).toEqual({ wrong: 0 });
	built.close();
	return rows;
};

/** Shuffled by keys drawn for each row. */
const shuffled = (tables: Given, seed: number): Given => {
	let state = seed;
	const next = () => (state = (state * 1103515245 + 12345) % 2147483648);
	return Object.fromEntries(
		Object.entries(tables).map(([name, rows]) => [
			name,
			rows
				.map((row) => ({ row, key: next() }))
				.sort((a, b) => a.key - b.key)
				.map(({ row }) => row)
		])
	);
};

test('the order of rows changes no finding, and neither does the claim of a patient who has nothing to do with the others', async () => {
	const { given: tables } = await given(cases);
	const flags = await flagsOf(tables);
	expect(flags.length).toBeGreaterThan(100);
	expect(await flagsOf(shuffled(tables, 7))).toEqual(flags);
	const stranger = await given([{ name: '', person: 'P9001', changes: [], expected: [] }]);
	const more = Object.fromEntries(
		Object.entries(tables).map(([name, rows]) => [
			name,
			name === 'fee_schedule' ? rows : [...(stranger.given[name] ?? []), ...rows]
		])
	);
	expect(await flagsOf(shuffled(more, 11))).toEqual(flags);
}, 120_000);

/** What some rules find, counted slowly from their words: units by minutes, units and minutes of a day, two patients at once. */
function slowly(visits: Visit[]): Set<string> {
	const flags = new Set<string>();
	const claim = (one: Visit) => `C${one.at}`;
	for (const one of visits) {
		let earned = 0;
		for (let minute = 1; minute <= one.minutes; minute++)
			if (minute === 8 || (minute > 8 && (minute - 8) % 15 === 0)) earned++;
		if (1 > earned) flags.add(`A04 ${claim(one)} 1`);
		if (1 + one.units > earned) flags.add(`A04 ${claim(one)} 2`);
		let before = 0;
		for (const other of visits.slice(0, one.at + 1))
			if (other.person === one.person && other.day === one.day) before += other.units;
		if (before > 4) flags.add(`A10 ${claim(one)} 2`);
		let minutes = 0;
		for (const other of visits)
			if (other.day === one.day && other.pharmacist === one.pharmacist) minutes += other.minutes;
		const day = (rule: string) => [1, 2].forEach((line) => flags.add(`${rule} ${claim(one)} ${line}`));
		if (minutes > 720) day('A20');
		if (
			visits.some((other) => {
				if (other.person === one.person || other.day !== one.day || other.pharmacist !== one.pharmacist) return false;
				for (let minute = one.start; minute < one.start + one.minutes; minute++)
					if (minute >= other.start && minute < other.start + other.minutes) return true;
				return false;
			})
		)
			day('A19');
	}
	return flags;
}
type Visit = {
	/** Its place among all, and among those of its days. */
	at: number;
	nth: number;
	person: number;
	day: number;
	pharmacist: number;
	start: number;
	minutes: number;
	units: number;
};

test('units, days and overlaps are as a slow count says', async () => {
	const visit = fc.record({
		person: fc.nat(5),
		day: fc.nat(2),
		pharmacist: fc.nat(1),
		start: fc.integer({ min: 480, max: 1000 }),
		minutes: fc.integer({ min: 1, max: 200 }),
		units: fc.integer({ min: 1, max: 4 })
	});
	const clock = (minute: number) =>
		`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
	// Days that have nothing to do with each other, with people and pharmacists of their own, computed together.
	const days = fc.array(fc.array(visit, { minLength: 8, maxLength: 40 }), { minLength: 12, maxLength: 12 });
	await fc.assert(
		fc.asyncProperty(days, async (drawn) => {
			const visits = drawn
				.flatMap((some, of) =>
					some.map((one, nth) => ({ ...one, nth, person: of * 10 + one.person, pharmacist: of * 10 + one.pharmacist }))
				)
				.map((one, at) => ({ ...one, at }));
			const day = (one: Visit) => `2025-03-0${one.day + 3}`;
			const session = (one: Visit) => ({
				service_id: `S${one.at}`,
				person_id: `P${one.person}`,
				program: 'part_d',
				service_type: 'follow_up',
				service_date: day(one),
				status: 'completed',
				provider_npi: npi(one.pharmacist),
				start_time: `${day(one)} ${clock(one.start)}`,
				end_time: `${day(one)} ${clock(one.start + one.minutes)}`,
				minutes: one.minutes
			});
			// Claims are told apart by their ids where they were sent on one day: the ids stand in the order of `at`.
			const line = (one: Visit, number: number) => ({
				claim_id: `C${String(one.at).padStart(4, '0')}`,
				claim_line_number: number,
				person_id: `P${one.person}`,
				service_id: `S${one.at}`,
				program: 'part_d',
				service_date: day(one),
				procedure_code: number === 1 ? '99606' : '99607',
				units: number === 1 ? 1 : one.units,
				paid_amount: 20,
				pharmacist_npi: npi(one.pharmacist),
				claim_status: 'paid',
				submitted_date: `2025-04-${String(1 + Math.floor(one.nth / 2)).padStart(2, '0')}`
			});
			const claims = visits.flatMap((one) => [line(one, 1), line(one, 2)]);
			const found = await flagsOf({ mtm_service: visits.map(session), mtm_claim: claims });
			const got = new Set(
				found
					.filter((row) => ['A04', 'A10', 'A19', 'A20'].includes(String(row.rule_id)))
					.map((row) => `${row.rule_id} C${Number(String(row.claim_id).slice(1))} ${row.claim_line_number}`)
			);
			expect([...got].sort()).toEqual([...slowly(visits)].sort());
		}),
		{ numRuns: 1, endOnFailure: true }
	);
}, 180_000);

test('what would be flagged before a claim is sent is what is flagged once it was sent', async () => {
	const { given: tables } = await given(cases);
	// Every third person's claims were never sent; their sessions stay, and some of each kind are billed.
	const never = (row: Row) => Number(String(row.person_id).replace(/\D/g, '')) % 3 === 0;
	// P3, of whom nothing was sent, has the note of P1, of whom everything was.
	const note = tables.mtm_service!.find((row) => row.service_id === 'P1-S')!.note!;
	const sent = {
		...tables,
		mtm_service: tables.mtm_service!.map((row) => (row.service_id === 'P3-S' ? { ...row, note } : row)),
		mtm_claim: tables.mtm_claim!.filter((row) => !never(row))
	};
	const only = ['audit_finding', 'unbilled_finding', 'unbilled_line'];
	const before = await computed(sent, { asOf: '2025-10-01', only });
	const lines = await before.connection.rows<Record<string, string | number>>(
		`select line.claim_id, line.claim_line_number::integer as claim_line_number, patient.patient_id as person_id, line.service_id, line.payer, line.program,
			line.service_date, line.procedure_code, line.units::integer as units, line.pharmacist_npi, line.pharmacy_npi, line.paid_amount::integer as paid_amount,
			line.submitted_date, line.claim_status, line.data_source
		from unbilled_line as line inner join patient using (patient_no)`
	);
	const told = await before.connection.rows(
		'select service_id, rule_id, expected, found from unbilled_finding order by service_id, rule_id'
	);
	before.close();
	expect(lines.length).toBeGreaterThan(10);
	expect(new Set(told.map((row) => row.rule_id)).size).toBeGreaterThan(4);
	expect(told).toContainEqual(
		expect.objectContaining({ service_id: 'P3-S', rule_id: 'A31', found: 'the same text for 2 patients' })
	);
	const after = await computed({ ...sent, mtm_claim: [...sent.mtm_claim, ...lines] }, { asOf: '2025-10-01', only });
	const flagged = await after.connection.rows(
		`select service_id, rule_id, min(expected) as expected, min(found) as found from audit_finding
		where claim_id like 'unbilled %' group by service_id, rule_id order by service_id, rule_id`
	);
	after.close();
	expect(told).toEqual(flagged);
}, 120_000);
