import { yearOf } from '$lib/domain/day';
import { dayOf, firstDay, iso, lastDay } from './calendar';
import type { Stay } from './hospital';
import { conditionCodes, medicalRow, type Desk } from './medical_bill';
import { coveredOn } from './person';

/** Bills visits to the office outside stays, with a laboratory line now and then. */
export function billOffice({ one, draw, common, write, claimId }: Desk, list: readonly Stay[]): void {
	const codes = [...one.conditions].map((condition) => conditionCodes[condition]);
	const yearly = 1.4 + 0.5 * codes.length;
	for (let day = firstDay + draw.wait(365 / yearly); day <= lastDay; day += 1 + draw.wait(365 / yearly)) {
		const on = Math.floor(day);
		const span = coveredOn(one, on);
		const shown = codes.length === 0 ? ['Z0000'] : codes;
		const first = draw.whole(0, Math.max(0, shown.length - 1));
		const received = on + draw.whole(5, 40);
		const test = draw.unit();
		const dotted = draw.yes(0.03);
		if (!span?.plan.medical || (one.death !== null && on >= one.death)) continue;
		if (list.some((stay) => on >= stay.from && on <= stay.to)) continue;
		const code = (at: number) => {
			const text = at < Math.min(4, shown.length) ? shown[(first + at) % shown.length]! : '';
			return dotted && text.length > 3 ? `${text.slice(0, 3)}.${text.slice(3)}` : text;
		};
		const head = medicalRow({
			...common(span),
			claim_id: claimId(),
			claim_type: 'professional',
			claim_start_date: iso(on),
			claim_end_date: iso(on),
			place_of_service_code: '11',
			service_unit_quantity: 1,
			rendering_npi: one.pcp,
			billing_npi: one.pcp,
			diagnosis_code_1: code(0),
			diagnosis_code_2: code(1),
			diagnosis_code_3: code(2),
			diagnosis_code_4: code(3)
		});
		write(
			received,
			{
				claim_line_number: 1,
				hcpcs_code: test < 0.5 ? '99214' : '99213',
				paid_amount: '88.00',
				allowed_amount: '110.00',
				charge_amount: '210.00'
			},
			head
		);
		if (test < 0.3) {
			const lab = one.conditions.has('diabetes') ? '83036' : one.conditions.has('dyslipidemia') ? '80061' : '80053';
			write(
				received,
				{
					claim_line_number: 2,
					hcpcs_code: lab,
					paid_amount: '11.00',
					allowed_amount: '11.00',
					charge_amount: '40.00'
				},
				head
			);
		}
	}
}

/** Bills influenza vaccines in autumn. */
export function billVaccines({ one, draw, common, write, claimId }: Desk): void {
	for (const year of [2024, 2025]) {
		const on = dayOf(year, 9, 15) + draw.whole(0, 80);
		const given = draw.yes(0.5);
		const span = coveredOn(one, on);
		if (!given || !span?.plan.medical || (one.death !== null && on >= one.death) || yearOf(one.birth) > 2008) continue;
		write(on + draw.whole(4, 20), {
			...common(span),
			claim_id: claimId(),
			claim_line_number: 1,
			claim_type: 'professional',
			claim_start_date: iso(on),
			claim_end_date: iso(on),
			place_of_service_code: '01',
			hcpcs_code: '90662',
			service_unit_quantity: 1,
			billing_npi: one.pharmacy.npi,
			paid_amount: '72.00',
			allowed_amount: '72.00',
			charge_amount: '95.00',
			diagnosis_code_1: 'Z23'
		});
	}
}
