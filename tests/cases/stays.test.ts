import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { medicalLine, parts, rosterRows, tableUnder } from './stay_claim';
import { computed } from './warehouse';

const cases = tableUnder(readFileSync(join(import.meta.dirname, 'stays.md'), 'utf8'), '').map(
	([name, claims, expected], row) => ({ name: name!, claims: parts(claims!), expected: expected!, person: `S${row}` })
);
type Case = (typeof cases)[number];

async function standing(isReversed: boolean) {
	const medical_claim = cases.flatMap((one) => one.claims.map((claim) => medicalLine(one.person, claim)));
	const built = await computed(
		{
			eligibility: cases.flatMap((one) => rosterRows(one.person, [])),
			medical_claim: isReversed ? medical_claim.reverse() : medical_claim
		},
		{ asOf: '2025-12-31' }
	);
	const stays = await built.connection.rows<{
		person: string;
		span: string;
		kind: string;
		transfer: boolean;
		part: number;
		open: boolean;
		bed: number;
		claims: number;
		paid: number;
		dx: string;
		went: string;
	}>(`
		select patient_id as person, strftime(admitted_on, '%m-%d') || '..' || strftime(discharged_on, '%m-%d') as span, kind,
			not is_admission and part = 1 as transfer, part, is_open as open, bed_days as bed, claims::integer as claims, coalesce(paid_amount, 0) as paid,
			principal_diagnosis as dx, discharge_disposition as went
		from stay_fact inner join patient using (patient_no) order by stay_no`);
	built.close();
	return (one: Case) => {
		const own = stays.filter((stay) => stay.person === one.person);
		const words = own.map((stay) =>
			[
				stay.span,
				stay.kind,
				stay.transfer ? 'transfer' : '',
				stay.part > 1 ? `part ${stay.part}` : '',
				stay.open ? 'open' : '',
				/ [A-Z]\d+ \d\d(;|$)/.test(one.expected) ? `${stay.dx} ${stay.went}` : ''
			]
				.filter((word) => word !== '')
				.join(' ')
		);
		const sum = (key: 'bed' | 'paid') => own.reduce((total, stay) => total + stay[key], 0);
		if (one.expected.includes('; bed ')) words.push(`bed ${sum('bed')}`);
		if (one.expected.includes('; claims ')) words.push(`claims ${own[0]?.claims}`);
		if (one.expected.includes('; paid ')) words.push(`paid ${sum('paid')}`);
		return words.join('; ');
	};
}

describe.each([
	['in the order of the table', false],
	['the other way round', true]
])('claims that arrive %s', (_, isReversed) => {
	let result: ReturnType<typeof standing> | undefined;
	test.each(cases)('$name', async (one) => {
		result ??= standing(isReversed);
		expect((await result)(one)).toBe(one.expected);
	});
});
