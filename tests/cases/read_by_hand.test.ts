import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { medicalLine, parts, rosterRows, tableUnder } from './stay_claim';
import { computed } from './warehouse';

const cases = tableUnder(readFileSync(join(import.meta.dirname, 'read_by_hand.md'), 'utf8'), '').map(
	([name, , claims, expected], row) => ({
		name: name!,
		claims: parts(claims!),
		expected: expected!,
		person: `H${row}`
	})
);
type Case = (typeof cases)[number];

async function standing(): Promise<(one: Case) => string> {
	const built = await computed(
		{
			eligibility: [...cases.flatMap((one) => rosterRows(one.person, [])), ...rosterRows('last', [])],
			medical_claim: [
				...cases.flatMap((one) => one.claims.map((claim) => medicalLine(one.person, claim))),
				medicalLine('last', 'A 111 12-20..12-25')
			]
		},
		{ asOf: '2025-12-31', only: ['stay'] }
	);
	const stays = await built.connection.rows<{ person: string; said: string }>(`
		select patient_id as person, strftime(admitted_on, '%m-%d') || '..' || strftime(discharged_on, '%m-%d') || ' ' || kind || ' '
			|| coalesce(excluded_because, 'index') || if(readmitted_within_30_days, ' readmitted', '')
			|| case when planned then ' planned' when planned is null and excluded_because is null then ' planned?' else '' end as said
		from stay order by patient_id, admitted_on, discharged_on`);
	built.close();
	return (one) =>
		stays
			.filter((stay) => stay.person === one.person)
			.map((stay) => stay.said)
			.join('; ');
}

let result: ReturnType<typeof standing> | undefined;
test.each(cases)('$name', async (one) => {
	result ??= standing();
	expect((await result)(one)).toBe(one.expected);
});
test('twenty patients were read', () => expect(cases).toHaveLength(20));
