import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { computed } from '../cases/warehouse';

type Span = { person: string; from: number; days: number; medical: boolean; plan: 'A' | 'B' | null; load: number };

const first = dayOf('2024-03-10');
const last = dayOf('2025-11-20');

const spans = fc.array(
	fc.record({
		person: fc.integer({ min: 1, max: 150 }).map((no) => `P${no}`),
		from: fc.integer({ min: dayOf('2023-12-01'), max: dayOf('2026-01-31') }),
		days: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 700 })),
		medical: fc.boolean(),
		plan: fc.constantFrom('A' as const, 'B' as const, null),
		load: fc.integer({ min: 1, max: 2 })
	}),
	{ minLength: 240, maxLength: 480 }
);

/** Month by month and person by person: who has a day of medical coverage, and under which plan; months as '2024-03', plans as counts. */
function walk(given: Span[]): Map<string, number> {
	const counts = new Map<string, number>();
	const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
	const people = [...new Set(given.map((span) => span.person))];
	for (let month = 0; month < 21; month++) {
		const name = isoOf(
			dayOf(`${2024 + Math.floor((month + 2) / 12)}-${String(((month + 2) % 12) + 1).padStart(2, '0')}-01`)
		);
		for (const person of people) {
			const known = given.filter((span) => {
				if (span.person !== person || !span.medical || span.from > last) return false;
				for (let day = span.from; day <= span.from + span.days; day++)
					if (isoOf(day).slice(0, 7) === name.slice(0, 7)) return true;
				return false;
			});
			if (known.length === 0) continue;
			known.sort((a, b) => b.from - a.from || b.load - a.load || (a.plan ?? 'Z').localeCompare(b.plan ?? 'Z'));
			count(`${name.slice(0, 7)} all`);
			if (known[0]!.plan) count(`${name.slice(0, 7)} ${known[0]!.plan}`);
		}
	}
	return counts;
}

test('member-months are those of a walk over the calendar, each in one plan', async () => {
	await fc.assert(
		fc.asyncProperty(spans, async (given) => {
			const claim = (day: number) => ({
				claim_id: `M${day}`,
				person_id: 'nobody',
				claim_start_date: isoOf(day),
				claim_type: 'professional',
				place_of_service_code: '11'
			});
			const built = await computed(
				{
					eligibility: given.map((span) => ({
						person_id: span.person,
						birth_date: '1950-01-01',
						enrollment_start_date: isoOf(span.from),
						enrollment_end_date: isoOf(span.from + span.days),
						medical_coverage: span.medical,
						plan: span.plan,
						load_id: span.load
					})),
					medical_claim: [claim(first), claim(last)]
				},
				{ asOf: '2025-12-31', only: ['hospital_result'] }
			);
			const rows = await built.connection.rows<{ period: string; value: string; months: number }>(
				`select period, dimension_value as value, denominator::integer as months from hospital_result
				where measure = 'hospital_admissions' and length(period) = 7 order by period, value`
			);
			built.close();
			expect(new Map(rows.map((row) => [`${row.period} ${row.value}`, row.months]))).toEqual(
				new Map([...walk(given)].sort())
			);
		}),
		{ numRuns: 1, endOnFailure: true }
	);
});
