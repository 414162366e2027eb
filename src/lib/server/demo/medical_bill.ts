import type { Day } from '$lib/domain/day';
import { dayOf, iso } from './calendar';
import { columns, type Cell } from './files';
import type { Condition, Person } from './person';
import { chance, type Chance } from './random';

/** Codes a chronic condition is written with in an office. */
export const conditionCodes: Record<Condition, string> = {
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

/** What the claim writer tells the truth file. */
export type MedicalTruth = { voidedStays: number; replacedBills: number; interimBills: number; lateBills: number };

/** Claims received after this day are not in the files yet: the last months are still filling in. */
export const receivedBy = dayOf(2026, 10, 10);

/** What the bills of one person are written with: their chance, their numbers, and what has been written, as received. */
export type Desk = {
	one: Person;
	draw: Chance;
	truth: MedicalTruth;
	lines: { received: Day; row: Cell[] }[];
	/** The columns that every line of a person has, on a day of this coverage. */
	common: (span: { plan: { payer: string; plan: string } }) => Record<string, Cell>;
	/** Writes a line, unless it is received too late for the files. */
	write: (received: Day, values: Record<string, Cell>, like?: readonly Cell[]) => void;
	claimId: () => string;
};

/** A desk for the medical claims of a person. */
export function deskOf(seed: number, one: Person, truth: MedicalTruth): Desk {
	const lines: Desk['lines'] = [];
	let claims = 0;
	return {
		one,
		draw: chance(seed, 7, one.number),
		truth,
		lines,
		common: (span) => ({
			person_id: one.id,
			member_id: one.memberId,
			payer: span.plan.payer,
			plan: span.plan.plan,
			diagnosis_code_type: 'icd-10-cm',
			data_source: 'demo'
		}),
		write: (received, values, like) => {
			if (received > receivedBy) {
				truth.lateBills++;
				return;
			}
			const row = medicalRow(values, like);
			row[receivedAt] = row[paidOnAt] = iso(received);
			lines.push({ received, row });
		},
		claimId: () => `M${one.id.slice(1)}-${String(++claims).padStart(3, '0')}`
	};
}
