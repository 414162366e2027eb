import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { computed, type Given } from './warehouse';

interface Case {
	name: string;
	claims: string[];
	expected: string;
	person: string;
}

const cases: Case[] = readFileSync(join(import.meta.dirname, 'stays.md'), 'utf8')
	.split('\n')
	.filter((line) => line.startsWith('|') && !/^\| (Case|---)/.test(line))
	.map((line, row) => {
		const [name, claims, expected] = line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()) as [string, string, string];
		return { name, claims: claims.split(';').map((claim) => claim.trim()), expected, person: `S${row}` };
	});

/** The words after the fixed ones: `of A at F2 undated` is {of: 'A', at: 'F2', undated: ''}. */
function said(words: string[]): Record<string, string> {
	const say: Record<string, string> = {};
	for (let at = 0; at < words.length; at++) {
		if (words[at] === 'undated') say.undated = '';
		else say[words[at]!] = words[++at]!;
	}
	return say;
}

const orNone = (word: string | undefined, usual: string) => (word === 'none' ? null : (word ?? usual));

function rows(one: Case): Given[string] {
	return one.claims.map((claim) => {
		const [id, bill, span, ...more] = claim.split(' ') as [string, string, string, ...string[]];
		const say = said(more);
		const [from, to] = span.split('..').map((day) => `2025-${day}`) as [string, string];
		const to_ = orNone(say.to, '01');
		const dated = say.undated === undefined;
		return {
			claim_id: `${one.person}-${id}`,
			claim_status: say.status ?? 'paid',
			claim_type: 'institutional',
			person_id: one.person,
			claim_start_date: from,
			claim_end_date: to,
			admission_date: dated ? (say.admitted ? `2025-${say.admitted}` : from) : null,
			discharge_date: dated && to_ !== '30' && bill[2] !== '2' && bill[2] !== '3' ? to : null,
			discharge_disposition_code: to_,
			admit_source_code: say.source ?? '1',
			bill_type_code: bill,
			facility_npi: orNone(say.at, 'F1'),
			drg_code: say.drg ?? null,
			revenue_center_code: say.ward ?? '0120',
			diagnosis_code_type: 'icd-10-cm',
			diagnosis_code_1: say.dx ?? 'I5020',
			original_claim_id: say.of ? `${one.person}-${say.of}` : null,
			paid_amount: say.paid ?? '100',
			data_source: say.from ?? 'plan'
		};
	});
}

async function standing(isReversed: boolean) {
	const medical_claim = cases.flatMap(rows);
	const built = await computed(
		{
			eligibility: cases.map((one) => ({
				person_id: one.person,
				birth_date: '1950-01-01',
				enrollment_start_date: '2025-01-01',
				enrollment_end_date: '2025-12-31'
			})),
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
