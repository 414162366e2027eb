import text from '../../../../data/demo/admission.csv?raw';
import { yearOf, type Day } from '$lib/domain/day';
import { ageOn, dayOf, firstDay, iso, lastDay } from './calendar';
import { columns, type Cell } from './files';
import { coveredOn, type Condition, type Person } from './person';
import { chance, type Chance } from './random';
import { hospitals, nursingFacilities, prescriberFor, type Facility } from './world';

type Reason = {
	name: string;
	condition: Condition | '';
	share: number;
	principal: string;
	secondary: string[];
	drg: string;
	days: number;
	paid: number;
	procedure: string;
	planned: boolean;
};

const reasons: readonly Reason[] = text
	.trim()
	.split('\n')
	.slice(1)
	.map((row) => {
		const [name, condition, share, principal, secondary, drg, days, paid, procedure, planned] = row.split(',');
		return {
			name: name!,
			condition: condition as Condition | '',
			share: Number(share),
			principal: principal!,
			secondary: secondary ? secondary.split(' ') : [],
			drg: drg!,
			days: Number(days),
			paid: Number(paid),
			procedure: procedure!,
			planned: planned === '1'
		};
	});

/** One stay in a hospital or nursing facility. */
export type Stay = {
	number: number;
	kind: 'acute' | 'nursing';
	reason: Reason;
	from: Day;
	to: Day;
	facility: Facility;
	viaEmergency: boolean;
	/** UB-04 discharge status of the last day. */
	disposition: string;
	admitSource: string;
	/** The stay this one followed within 30 days, if any. */
	after: Stay | null;
	/** A review before it took this stay away: it never happened. */
	prevented: boolean;
	died: boolean;
};

export type Visit = { on: Day; reason: Reason; facility: Facility; observation: boolean };

/** Codes a chronic condition is written with in an office. */
const conditionCodes: Record<Condition, string> = {
	hypertension: 'I10',
	dyslipidemia: 'E785',
	diabetes: 'E119',
	heart_failure: 'I5032',
	atrial_fibrillation: 'I4820',
	copd: 'J449',
	asthma: 'J45909',
	depression: 'F331',
	anxiety: 'F411',
	schizophrenia: 'F209',
	hypothyroidism: 'E039',
	reflux: 'K219',
	osteoarthritis: 'M1990',
	osteoporosis: 'M810',
	kidney_disease: 'N1831',
	esrd: 'N186',
	dementia: 'G309',
	epilepsy: 'G40909',
	hiv: 'B20',
	chronic_pain: 'G894',
	overactive_bladder: 'N3281',
	insomnia: 'G4700',
	gout: 'M109',
	prostate: 'N401'
};

/** Stays a year of someone of 75 with middling need. */
const baseRate = 0.164;
/** Chance of a further stay within 30 days, at middling need. */
const returnRate = 0.106;

/** The stays of a person, as if there were no MTM; in order, never overlapping. */
export function stays(seed: number, one: Person): Stay[] {
	const draw = chance(seed, 4, one.number);
	const list: Stay[] = [];
	const has = (condition: Condition) => one.conditions.has(condition);
	const age = ageOn(one.birth, dayOf(2025, 1, 1));
	let rate = baseRate * Math.exp(0.028 * (Math.max(age, 40) - 75) + 0.33 * one.need - 0.12 * one.bent);
	if (has('heart_failure')) rate *= 2.1;
	if (has('copd')) rate *= 1.5;
	if (has('kidney_disease')) rate *= 1.3;
	if (has('esrd')) rate *= 1.8;
	if (has('atrial_fibrillation')) rate *= 1.2;
	if (age < 18) rate = 0.01;
	rate = Math.min(rate, 3);
	const possible = reasons.filter((reason) => reason.condition === '' || has(reason.condition));
	const returnP = Math.min(0.5, returnRate * Math.exp(0.3 * one.need));
	let day = firstDay + draw.wait(365 / rate);
	let after: Stay | null = null;
	while (day <= lastDay) {
		const from = Math.floor(day);
		const span = coveredOn(one, from);
		if (
			!span ||
			!span.plan.medical ||
			(one.death !== null && from > one.death) ||
			(one.hospice !== null && from >= one.hospice)
		) {
			day = from + 1 + draw.wait(365 / rate);
			after = null;
			continue;
		}
		const reason: Reason = after
			? draw.yes(0.5) && !after.reason.planned
				? after.reason
				: draw.weighted(possible, (option) => (option.planned ? option.share * 0.35 : option.share))
			: draw.weighted(possible, (option) => option.share);
		const length = Math.max(1, Math.round(reason.days * Math.exp(0.5 * draw.normal() - 0.1)));
		let to = from + Math.min(length, 60);
		const died = one.death !== null && one.death <= to;
		if (died) to = one.death!;
		const toNursing = !died && age >= 65 && draw.yes(reason.procedure ? 0.28 : 0.14);
		const transfer = !died && length >= 3 && draw.yes(0.03);
		const facility = draw.pick(hospitals);
		const stay: Stay = {
			number: list.length,
			kind: 'acute',
			reason,
			from,
			to: transfer ? from + 1 : to,
			facility,
			viaEmergency: !reason.planned && draw.yes(0.72),
			disposition: died
				? '20'
				: transfer
					? '02'
					: toNursing
						? '03'
						: draw.yes(0.18)
							? '06'
							: draw.yes(0.01)
								? '07'
								: '01',
			admitSource: '1',
			after,
			prevented: false,
			died: died && !transfer
		};
		list.push(stay);
		let end = stay;
		if (transfer) {
			end = {
				...stay,
				number: list.length,
				from: stay.to,
				to,
				facility: draw.pick(hospitals.filter((other) => other !== facility)),
				viaEmergency: false,
				disposition: toNursing ? '03' : '01',
				admitSource: '4',
				after: null
			};
			list.push(end);
		}
		if (toNursing) {
			let out = to + Math.max(3, Math.round(draw.wait(21)));
			if (one.death !== null) out = Math.min(out, one.death);
			if (out > to) {
				list.push({
					...end,
					number: list.length,
					kind: 'nursing',
					from: to,
					to: Math.min(out, to + 99),
					facility: draw.pick(nursingFacilities),
					viaEmergency: false,
					disposition: one.death === out ? '20' : '01',
					admitSource: '4',
					after: null,
					died: one.death === out
				});
			}
		}
		const free = list[list.length - 1]!.to;
		if (died || (one.death !== null && free >= one.death)) break;
		// Nursing facility residents return from there: the thirty days count from the hospital's discharge.
		if (draw.yes(returnP)) {
			day = Math.max(free + 1, end.to + draw.whole(1, 29));
			after = end.to + 30 >= day ? end : null;
		} else {
			day = free + 1 + draw.wait(365 / rate);
			after = null;
		}
	}
	return list;
}

/**
 * Takes away the given share of the unplanned hospital stays that begin after `from` (with the stays that only followed from them):
 * this is what a completed review does in the demo.
 */
export function prevent(seed: number, one: Person, list: Stay[], from: Day, share: number): Stay[] {
	const draw = chance(seed, 5, one.number);
	let gone = false;
	for (const stay of list) {
		if (stay.kind === 'nursing' || stay.admitSource === '4') stay.prevented = gone;
		else {
			const drawn = draw.yes(share);
			gone = stay.from > from && !stay.reason.planned && !stay.died && (drawn || (stay.after?.prevented ?? false));
			stay.prevented = gone;
		}
	}
	return list.filter((stay) => !stay.prevented);
}

/** A plain hospital stay (pneumonia) for a planted problem. */
export const plainStay = (from: Day, to: Day): Stay => ({
	number: 0,
	kind: 'acute',
	reason: reasons.find((reason) => reason.name === 'pneumonia')!,
	from,
	to,
	facility: hospitals[0]!,
	viaEmergency: true,
	disposition: '01',
	admitSource: '1',
	after: null,
	prevented: false,
	died: false
});

/** Emergency visits that did not lead to a stay. */
export function visits(seed: number, one: Person, list: readonly Stay[]): Visit[] {
	const draw = chance(seed, 6, one.number);
	const found: Visit[] = [];
	const rate = Math.min(
		5,
		0.47 * Math.exp(0.32 * one.need) * (one.conditions.has('copd') || one.conditions.has('heart_failure') ? 1.4 : 1)
	);
	const possible = reasons.filter(
		(reason) =>
			!reason.planned && (reason.condition === '' || one.conditions.has(reason.condition)) && reason.procedure === ''
	);
	for (let day = firstDay + draw.wait(365 / rate); day <= lastDay; day += 1 + draw.wait(365 / rate)) {
		const on = Math.floor(day);
		const reason = draw.weighted(possible, (option) => option.share);
		const facility = draw.pick(hospitals);
		const observation = draw.yes(0.1);
		if (!coveredOn(one, on)?.plan.medical || (one.death !== null && on >= one.death)) continue;
		if (list.some((stay) => on >= stay.from - 1 && on <= stay.to + 1)) continue;
		found.push({ on, reason, facility, observation });
	}
	return found;
}

const order = new Map(columns.medical_claim.split(',').map((name, at) => [name, at]));
const width = order.size;
const receivedAt = order.get('received_date')!;
const paidOnAt = order.get('paid_date')!;
/** A row of the medical claim file: a copy of `like` (or an empty row) with some columns set. */
export function medicalRow(values: Record<string, Cell>, like?: readonly Cell[]): Cell[] {
	const row: Cell[] = like ? like.slice() : new Array<Cell>(width).fill('');
	for (const name in values) row[order.get(name)!] = values[name]!;
	return row;
}

const money = (amount: number) => amount.toFixed(2);

/** What the claim writer tells the truth file. */
export type MedicalTruth = { voidedStays: number; replacedBills: number; interimBills: number; lateBills: number };

/** Claims received after this day are not in the files yet: the last months are still filling in. */
export const receivedBy = dayOf(2026, 10, 10);

/** All medical claim lines of a person, as received. */
export function medicalClaims(
	seed: number,
	one: Person,
	list: readonly Stay[],
	emergency: readonly Visit[],
	truth: MedicalTruth,
	staysOnly = false
): { received: Day; row: Cell[] }[] {
	const draw = chance(seed, 7, one.number);
	const lines: { received: Day; row: Cell[] }[] = [];
	let claims = 0;
	const common = (span: { plan: { payer: string; plan: string } }) => ({
		person_id: one.id,
		member_id: one.memberId,
		payer: span.plan.payer,
		plan: span.plan.plan,
		diagnosis_code_type: 'icd-10-cm',
		data_source: 'demo'
	});
	const write = (received: Day, values: Record<string, Cell>, like?: readonly Cell[]) => {
		if (received > receivedBy) {
			truth.lateBills++;
			return;
		}
		const row = medicalRow(values, like);
		row[receivedAt] = row[paidOnAt] = iso(received);
		lines.push({ received, row });
	};
	const claimId = () => `M${one.id.slice(1)}-${String(++claims).padStart(3, '0')}`;
	const institutional = (
		stay: Stay,
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
	) => {
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
		if (staysOnly) parts.length = 1;
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
	};
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
				institutional(stay, {
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
			const first = () => institutional(stay, { ...bill, paid: paid * 1.4, received, id });
			const second = () =>
				institutional(stay, {
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
		} else institutional(stay, { ...bill, paid, received, id });
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
	if (staysOnly) return lines;
	// A stay billed by mistake and voided: it must not be counted.
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
			institutional(phantom, { ...bill, type: '111', received: on + 20, id });
			institutional(phantom, { ...bill, type: '118', received: on + 50, id: claimId(), original: id });
			truth.voidedStays++;
		}
	}
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
	// Influenza vaccine in autumn.
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
	return lines;
}

/** Laboratory results of a person: [day, LOINC, value, unit]. */
export function labs(seed: number, one: Person): [Day, string, string, string][] {
	const draw: Chance = chance(seed, 8, one.number);
	const found: [Day, string, string, string][] = [];
	if (!one.spans[0]!.plan.medical) return found;
	const until = one.death === null ? lastDay : one.death - 1;
	const series = (yearly: number, loinc: string, unit: string, value: () => string) => {
		for (let day = firstDay + draw.wait(365 / yearly); day <= until; day += 20 + draw.wait(365 / yearly)) {
			const on = Math.floor(day);
			const text = value();
			if (coveredOn(one, on)?.plan.medical) found.push([on, loinc, text, unit]);
		}
	};
	if (one.conditions.has('diabetes')) {
		const usual = 7.3 - 0.35 * one.bent + 0.2 * one.need;
		series(2, '4548-4', '%', () => Math.max(4.8, usual + 0.5 * draw.normal()).toFixed(1));
	}
	if (one.conditions.has('dyslipidemia'))
		series(1, '13457-7', 'mg/dL', () => String(Math.round(Math.max(30, 95 - 9 * one.bent + 24 * draw.normal()))));
	if (one.conditions.has('kidney_disease'))
		series(2, '62238-1', 'mL/min/1.73m2', () =>
			String(Math.round(Math.max(8, (one.conditions.has('esrd') ? 10 : 44) + 8 * draw.normal())))
		);
	if (one.conditions.has('heart_failure') || one.conditions.has('hypertension'))
		series(0.8, '2823-3', 'mmol/L', () => (4.3 + 0.4 * draw.normal()).toFixed(1));
	return found;
}
