import type { Day } from '$lib/domain/day';
import { iso } from './calendar';
import type { Cell, DemoFile } from './files';
import { medicalRow } from './medical_bill';
import type { Person } from './person';
import { chance } from './random';
import { eligibilityRows } from './roster';

/** Rows that a load must reject (and repeats that it must skip) outside the pharmacy claims. */
export function writeDirt(
	seed: number,
	one: Person,
	eligibility: DemoFile,
	medicalFile: (received: Day) => DemoFile,
	service: DemoFile
): void {
	const draw = chance(seed, 14, one.number);
	const roll = draw.unit();
	const [row] = eligibilityRows(one);
	if (roll < 0.003) eligibility.bad('end before start', row!.with(7, '2023-06-30').with(6, '2024-01-01'));
	else if (roll < 0.006) eligibility.bad('no birth date', row!.with(4, ''));
	else if (roll < 0.009) eligibility.bad('unreadable date', row!.with(6, '31/31/2025'));
	else if (roll < 0.014) eligibility.again(row!.join(','));
	const span = one.spans[0]!;
	const received = span.from + 20;
	const claim = (wrong: Record<string, Cell>) =>
		medicalRow({
			claim_id: `X${one.id.slice(1)}`,
			claim_line_number: 1,
			claim_type: 'professional',
			person_id: one.id,
			claim_start_date: iso(span.from),
			claim_end_date: iso(span.from),
			place_of_service_code: '11',
			hcpcs_code: '99213',
			paid_amount: 88,
			diagnosis_code_type: 'icd-10-cm',
			diagnosis_code_1: 'I10',
			data_source: 'demo',
			received_date: iso(received),
			...wrong
		});
	const file = medicalFile(received);
	if (roll > 0.99) {
		const [wrong, cells] = draw.pick([
			['no start date', claim({ claim_start_date: '' })],
			['unreadable date', claim({ claim_start_date: '2024-02-30' })],
			['end before start', claim({ claim_end_date: iso(span.from - 9) })],
			['no person', claim({ person_id: '' })],
			['amount is text', claim({ paid_amount: 'n/a' })],
			['before birth', claim({ claim_start_date: iso(one.birth - 400), claim_end_date: iso(one.birth - 400) })]
		] as const);
		file.bad(wrong, cells);
	}
	if (roll > 0.5 && roll < 0.502)
		service.bad('unreadable date', [
			`X${one.id.slice(1)}`,
			one.id,
			span.plan.contract,
			span.plan.programme,
			'cmr',
			'soon',
			'completed',
			...new Array<Cell>(22).fill(''),
			'demo'
		]);
}
