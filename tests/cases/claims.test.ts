import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { computed, type Given } from './warehouse';

const [prescriptions, hospital] = readFileSync(join(import.meta.dirname, 'claims.md'), 'utf8')
	.split('## Hospital claims')
	.map((part, at) =>
		part
			.split('\n')
			.filter((line) => line.startsWith('|') && !/^\| (Case|---)/.test(line))
			.map((line, row) => {
				const [name, claims, expected] = line
					.split('|')
					.slice(1, -1)
					.map((cell) => cell.trim()) as [string, string, string];
				return {
					name,
					claims: claims.split(';').map((claim) => claim.trim()),
					expected,
					person: `${at ? 'H' : 'P'}${row}`
				};
			})
	) as [Case[], Case[]];

interface Case {
	name: string;
	claims: string[];
	expected: string;
	person: string;
}

/** The words after the fixed ones, as pairs: `of A line 2` is {of: 'A', line: '2'}. */
const pairs = (words: string[]) =>
	Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]!]] : []))) as Record<
		string,
		string
	>;

const roster = (some: Case[]) =>
	some.map((one) => ({
		person_id: one.person,
		birth_date: '1950-01-01',
		enrollment_start_date: '2025-01-01',
		enrollment_end_date: '2025-12-31'
	}));

function prescriptionRows(one: Case): Given[string] {
	return one.claims.map((claim) => {
		const [id, status, day, days, ...more] = claim.split(' ') as [string, string, string, string, ...string[]];
		const say = pairs(more);
		const named = (claimId: string) => `${one.person}-${claimId}`;
		return {
			claim_id: named(id),
			claim_line_number: say.line ?? 1,
			claim_status: status,
			person_id: one.person,
			dispensing_date: `2025-${day}`,
			days_supply: days,
			ndc_code: say.ndc ?? '00071015523',
			dispensing_provider_npi: say.at ?? null,
			original_claim_id: say.of ? named(say.of) : null,
			received_date: say.received ? `2025-${say.received}` : null,
			data_source: say.from ?? 'plan'
		};
	});
}

function hospitalRows(one: Case): Given[string] {
	return one.claims.map((claim) => {
		const [id, bill, span, ...more] = claim.split(' ') as [string, string, string, ...string[]];
		const say = pairs(more);
		const [from, to] = span.split('..').map((day) => `2025-${day}`) as [string, string];
		return {
			claim_id: `${one.person}-${id}`,
			claim_line_number: say.line ?? 1,
			claim_status: say.status ?? 'paid',
			claim_type: 'institutional',
			person_id: one.person,
			claim_start_date: from,
			claim_end_date: to,
			bill_type_code: bill,
			facility_npi: say.at ?? null,
			original_claim_id: say.of ? `${one.person}-${say.of}` : null,
			data_source: say.from ?? 'plan'
		};
	});
}

async function standing(isReversed: boolean) {
	const turn = (rows: Given[string]) => (isReversed ? [...rows].reverse() : rows);
	const built = await computed(
		{
			eligibility: roster([...prescriptions, ...hospital]),
			pharmacy_claim: turn(prescriptions.flatMap(prescriptionRows)),
			medical_claim: turn(hospital.flatMap(hospitalRows))
		},
		{ asOf: '2025-12-31', only: ['fill', 'stay_span', 'patient'] }
	);
	const fills = await built.connection.rows<{ person: string; stand: string }>(`
		select patient_id as person, string_agg(
			split_part(claim_id, '-', 2) || case when claim_line_number = 1 then '' else '/' || claim_line_number end, ', ' order by claim_id, claim_line_number
		) as stand from fill inner join patient using (patient_no) group by patient_id`);
	const stays = await built.connection.rows<{ person: string; stand: string }>(`
		select patient_id as person, string_agg(strftime(from_on, '%m-%d') || '..' || strftime(to_on, '%m-%d'), ', ' order by from_on) as stand
		from stay_span inner join patient using (patient_no) group by patient_id`);
	built.close();
	return new Map([...fills, ...stays].map((row) => [row.person, row.stand]));
}

describe.each([
	['in the order of the table', false],
	['the other way round', true]
])('claims that arrive %s', (_, isReversed) => {
	let result: ReturnType<typeof standing> | undefined;
	test.each([...prescriptions, ...hospital])('$name', async (one) => {
		result ??= standing(isReversed);
		expect((await result).get(one.person) ?? '').toBe(one.expected);
	});
});
