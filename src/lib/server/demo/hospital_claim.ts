import type { Day } from '$lib/domain/day';
import { iso, lastDay } from './calendar';
import type { Cell } from './files';
import { plainStay, type Stay, type Visit } from './hospital';
import { conditionCodes, medicalRow, receivedBy, type Desk } from './medical_bill';
import { coveredOn } from './person';
import { prescriberFor } from './world';

const money = (amount: number) => amount.toFixed(2);

/** Writes one institutional bill of a stay; a bare one has a single line. */
function institutional(
	{ one, common, write }: Desk,
	stay: Stay,
	isBare: boolean,
	bill: {
		type: string;
		from: Day;
		to: Day;
		disposition: string;
		paid: number;
		received: Day;
		id: string;
		original?: string;
		admitted: Day;
	}
): void {
	const span = coveredOn(one, stay.from);
	if (!span) return;
	const nursing = stay.kind === 'nursing';
	const diagnoses = [
		stay.reason.principal,
		...stay.reason.secondary,
		...[...one.conditions].map((condition) => conditionCodes[condition])
	]
		.filter((code, at, all) => all.indexOf(code) === at)
		.slice(0, 6);
	const head: Record<string, Cell> = {
		...common(span),
		claim_id: bill.id,
		claim_type: 'institutional',
		claim_start_date: iso(bill.from),
		claim_end_date: iso(bill.to),
		admission_date: iso(bill.admitted),
		discharge_date: bill.disposition === '30' ? '' : iso(bill.to),
		admit_source_code: stay.admitSource,
		admit_type_code: stay.reason.planned ? '3' : '1',
		discharge_disposition_code: bill.disposition,
		bill_type_code: bill.type,
		billing_npi: stay.facility.npi,
		facility_npi: stay.facility.npi,
		original_claim_id: bill.original ?? ''
	};
	if (!nursing) {
		head.drg_code_type = 'ms-drg';
		head.drg_code = stay.reason.drg;
		if (stay.reason.procedure) {
			head.procedure_code_type = 'icd-10-pcs';
			head.procedure_code_1 = stay.reason.procedure;
			head.procedure_date_1 = iso(Math.min(bill.to, bill.from + 1));
		}
	}
	diagnoses.forEach((code, at) => {
		head[`diagnosis_code_${at + 1}`] = code;
		if (at < 3 && !nursing) head[`diagnosis_poa_${at + 1}`] = 'Y';
	});
	const days = Math.max(1, bill.to - bill.from);
	const parts: [string, number, number][] = nursing
		? [
				['0022', days, 0.35],
				['0120', days, 0.65]
			]
		: [
				['0120', days, 0.6],
				['0250', 1, 0.12],
				['0300', 1, 0.08]
			];
	if (!nursing && stay.viaEmergency && bill.from === stay.from) parts.push(['0450', 1, 0.1]);
	if (isBare) parts.length = 1;
	const like = medicalRow(head);
	parts.forEach(([revenue, units, part], at) =>
		write(
			bill.received,
			{
				claim_line_number: at + 1,
				revenue_center_code: revenue,
				service_unit_quantity: units,
				paid_amount: money(bill.paid * part),
				allowed_amount: money(bill.paid * part * 1.08),
				charge_amount: money(bill.paid * part * 3.1)
			},
			like
		)
	);
}

/** Bills stays: interim bills of long ones, a few billed wrong and replaced, and the physician of the first day. */
export function billStays(desk: Desk, list: readonly Stay[], staysOnly: boolean): void {
	const { one, draw, truth, common, write, claimId } = desk;
	for (const stay of list) {
		if (stay.from > lastDay) continue;
		const nursing = stay.kind === 'nursing';
		const lead = nursing ? '21' : '11';
		const paid = nursing
			? 480 * Math.max(1, stay.to - stay.from)
			: Math.round(stay.reason.paid * (0.75 + 0.5 * draw.unit()));
		const received = stay.to + draw.whole(12, 55);
		const open = stay.to > lastDay;
		if (open || (stay.to - stay.from >= 24 && draw.yes(0.7)) || (stay.to - stay.from >= 12 && draw.yes(0.25))) {
			// Interim bills: first (2), going on (3), last (4).
			const whole = Math.max(1, stay.to - stay.from);
			let from = stay.from;
			let part = 0;
			while (from <= Math.min(stay.to, lastDay)) {
				const to = Math.min(stay.to, from + 13);
				if (to > lastDay) break;
				const last = to === stay.to;
				institutional(desk, stay, staysOnly, {
					type: lead + (part === 0 ? (last ? '1' : '2') : last ? '4' : '3'),
					from,
					to,
					disposition: last ? stay.disposition : '30',
					paid: (paid * (to - from + 1)) / (whole + 1),
					received: to + draw.whole(12, 40),
					id: claimId(),
					admitted: stay.from
				});
				truth.interimBills++;
				part++;
				from = to + 1;
			}
			continue;
		}
		const bill = { type: `${lead}1`, from: stay.from, to: stay.to, disposition: stay.disposition, admitted: stay.from };
		const id = claimId();
		if (!staysOnly && draw.yes(0.02) && received + 60 <= receivedBy) {
			// First billed wrong (and paid), then replaced by frequency 7; one in two with the replacement before the original in the file.
			const first = () => institutional(desk, stay, staysOnly, { ...bill, paid: paid * 1.4, received, id });
			const second = () =>
				institutional(desk, stay, staysOnly, {
					...bill,
					type: `${lead}7`,
					paid,
					received: received + draw.whole(20, 60),
					id: claimId(),
					original: id
				});
			if (draw.yes(0.5)) {
				first();
				second();
			} else {
				second();
				first();
			}
			truth.replacedBills++;
		} else institutional(desk, stay, staysOnly, { ...bill, paid, received, id });
		if (staysOnly) continue;
		const span = coveredOn(one, stay.from);
		if (span && !nursing)
			write(stay.to + draw.whole(8, 40), {
				...common(span),
				claim_id: claimId(),
				claim_line_number: 1,
				claim_type: 'professional',
				claim_start_date: iso(stay.from),
				claim_end_date: iso(stay.from),
				place_of_service_code: '21',
				hcpcs_code: '99223',
				service_unit_quantity: 1,
				rendering_npi: one.pcp,
				billing_npi: one.pcp,
				paid_amount: '164.00',
				allowed_amount: '205.00',
				charge_amount: '390.00',
				diagnosis_code_1: stay.reason.principal
			});
	}
}

/** Now and then a stay billed by mistake and voided: it must not be counted. */
export function billMistake(desk: Desk): void {
	const { one, draw, truth, claimId } = desk;
	if (draw.yes(0.004) && one.spans[0]!.plan.medical) {
		const on = one.spans[0]!.from + draw.whole(10, 200);
		if (
			on + 70 < lastDay &&
			coveredOn(one, on) &&
			coveredOn(one, on + 3) &&
			(one.death === null || on + 5 < one.death)
		) {
			const phantom = plainStay(on, on + 3);
			const id = claimId();
			const bill = { from: on, to: on + 3, disposition: '01', paid: 8800, admitted: on };
			institutional(desk, phantom, false, { ...bill, type: '111', received: on + 20, id });
			institutional(desk, phantom, false, { ...bill, type: '118', received: on + 50, id: claimId(), original: id });
			truth.voidedStays++;
		}
	}
}

/** Bills emergency visits and what their physicians did. */
export function billVisits({ one, draw, common, write, claimId }: Desk, emergency: readonly Visit[]): void {
	for (const visit of emergency) {
		const span = coveredOn(one, visit.on);
		if (!span) continue;
		const id = claimId();
		const received = visit.on + draw.whole(8, 45);
		const head = medicalRow({
			...common(span),
			claim_id: id,
			claim_type: 'institutional',
			claim_start_date: iso(visit.on),
			claim_end_date: iso(visit.on + (visit.observation ? 1 : 0)),
			admit_type_code: '1',
			discharge_disposition_code: '01',
			bill_type_code: '131',
			billing_npi: visit.facility.npi,
			facility_npi: visit.facility.npi,
			diagnosis_code_1: visit.reason.principal,
			diagnosis_code_2: visit.reason.secondary[0] ?? '',
			service_unit_quantity: 1
		});
		const level = draw.pick(['99283', '99284', '99284', '99285']);
		write(
			received,
			{
				claim_line_number: 1,
				revenue_center_code: '0450',
				hcpcs_code: level,
				paid_amount: '640.00',
				allowed_amount: '720.00',
				charge_amount: '2900.00'
			},
			head
		);
		if (visit.observation)
			write(
				received,
				{
					claim_line_number: 2,
					revenue_center_code: '0762',
					hcpcs_code: 'G0378',
					service_unit_quantity: 22,
					paid_amount: '1100.00',
					allowed_amount: '1300.00',
					charge_amount: '4400.00'
				},
				head
			);
		if (draw.yes(0.8))
			write(received + draw.whole(0, 9), {
				...common(span),
				claim_id: claimId(),
				claim_line_number: 1,
				claim_type: 'professional',
				claim_start_date: iso(visit.on),
				claim_end_date: iso(visit.on),
				place_of_service_code: '23',
				hcpcs_code: level,
				service_unit_quantity: 1,
				rendering_npi: prescriberFor(draw, 'internal medicine', one.number),
				paid_amount: '142.00',
				allowed_amount: '178.00',
				charge_amount: '510.00',
				diagnosis_code_1: visit.reason.principal
			});
	}
}
