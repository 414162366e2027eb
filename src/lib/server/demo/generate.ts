import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Day } from '$lib/domain/day';
import { auditCase, auditPayers, auditPharmacists, fitForAudit } from './audit';
import { writeAudit } from './audit_planted';
import { dayOf, iso, isoOrNone, lastDay } from './calendar';
import { noDispenseTruth, writeFills, type DispenseTruth } from './dispense';
import { writeProgramme, type MtmTruth } from './document';
import { DemoFile, quoted, type Cell, type FileTruth, type MtmFiles } from './files';
import { plainStay, prevent, stays, visits, type Stay } from './hospital';
import { labs } from './lab';
import { medicalRow, type MedicalTruth } from './medical_bill';
import { medicalClaims } from './medical_claim';
import { fees } from './mtm_claim';
import { person, type Person } from './person';
import { chance } from './random';
import { effect, programmeOf } from './programme';
import { fillsOf, therapies } from './therapy';
import { inventName, patientsAPharmacist, pharmacies, pharmacist, plans, prescribers } from './world';

export type DemoOptions = {
	/** How many people; 25,000 when not said. */
	patients?: number;
	/** Any whole number; the same seed gives the same bytes. */
	seed?: number;
	/** `bench` writes only eligibility, fills without noise and stays: fast, for measuring speed. */
	profile?: 'demo' | 'bench';
	/** Called now and then with how many people are done. */
	progress?: (done: number, all: number) => void;
};

export type DemoSummary = {
	/** The folder to load. */
	folder: string;
	patients: number;
	seed: number;
	/** Last day of claims. */
	dataThrough: string;
	files: FileTruth[];
	truth: { effect: typeof effect; dispense: DispenseTruth; medical: MedicalTruth; mtm: MtmTruth };
};

function eligibilityRows(one: Person): Cell[][] {
	return one.spans.map((span) => [
		one.id,
		one.memberId,
		one.sex,
		one.race,
		iso(one.birth),
		isoOrNone(one.death),
		iso(span.from),
		iso(span.to),
		span.plan.payer,
		span.plan.payerType,
		span.plan.plan,
		one.disabled ? '1' : '0',
		one.dual ? '02' : 'NA',
		span.plan.payerType === 'medicare'
			? one.conditions.has('esrd')
				? one.disabled
					? '21'
					: '11'
				: one.disabled
					? '20'
					: '10'
			: '',
		one.first,
		one.last,
		one.address,
		one.place.city,
		'MN',
		one.place.zip,
		one.phone,
		'demo',
		span.plan.payerType === 'medicare' ? `1DM${String(one.number + 10_000_000)}` : '',
		span.plan.contract,
		one.lowIncome ? 'yes' : 'no',
		span.plan.medical ? 'yes' : 'no',
		'yes',
		isoOrNone(one.hospice),
		one.hospice === null ? '' : isoOrNone(one.death),
		one.institution ? 'yes' : 'no',
		one.language,
		one.pcp
	]);
}

function contactRow(seed: number, one: Person): Cell[] {
	const draw = chance(seed, 13, one.number);
	const caregiver = one.conditions.has('dementia') && draw.yes(0.7);
	const name = inventName(draw, 'female');
	return [
		one.id,
		one.phone,
		draw.pick(['morning', 'afternoon', 'evening', '']),
		one.language,
		one.doNotContact ? 'yes' : 'no',
		draw.yes(0.4) ? 'yes' : 'no',
		caregiver ? `${name.first} ${name.last}` : '',
		caregiver ? `555-01${String(draw.whole(0, 99)).padStart(2, '0')}` : '',
		caregiver ? 'yes' : ''
	];
}

/** Rows that a load must reject (and repeats that it must skip) outside the pharmacy claims. */
function writeDirt(
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

/** Stores, prescribers and pharmacists. */
function writeNetwork(seed: number, patients: number, pharmacy: DemoFile, provider: DemoFile): void {
	for (const one of pharmacies)
		pharmacy.row([
			one.npi,
			one.name,
			one.store,
			'',
			`${Number(one.store.slice(1)) * 10} Main Street`,
			one.city,
			'MN',
			one.zip,
			`555-01${one.store.slice(1)}`
		]);
	for (const one of prescribers(seed, patients))
		provider.row([
			one.npi,
			one.name,
			'prescriber',
			'MD',
			one.specialty,
			one.phone,
			one.fax,
			'2010-01-01',
			'',
			'',
			'',
			''
		]);
	const staff = (at: number, licensedTo: string, excludedFrom: string) => {
		const one = pharmacist(seed, at);
		provider.row([
			one.npi,
			one.name,
			'pharmacist',
			'PharmD',
			'',
			'',
			'',
			'2015-01-01',
			licensedTo,
			'2016-01-01',
			'',
			excludedFrom
		]);
	};
	for (let at = 0; at <= Math.floor((patients - 1) / patientsAPharmacist); at++) staff(at, '', '');
	for (const { at, rule } of auditPharmacists(patients))
		staff(at, rule === 'A17' ? '2023-12-31' : '', rule === 'A18' ? '2023-06-01' : '');
}

/** A small CSV of what is true. */
class TruthFile {
	private readonly handle: number;
	private text: string;

	constructor(folder: string, name: string, header: string) {
		this.handle = openSync(join(folder, name), 'w', 0o600);
		this.text = header + '\n';
	}

	row(cells: readonly Cell[]): void {
		this.text += cells.map(quoted).join(',') + '\n';
		if (this.text.length > 1 << 16) this.flush();
	}

	private flush(): void {
		writeSync(this.handle, this.text);
		this.text = '';
	}

	close(): void {
		this.flush();
		closeSync(this.handle);
	}
}

/**
 * Writes the demo population: files in the contract's form to `files/` in the folder, what is known to be true of them to `truth/`.
 * The same seed gives the same bytes; person n is the same person whatever the size. Nothing is kept in memory but one person at a time.
 */
export async function generateDemo(folder: string, options: DemoOptions = {}): Promise<DemoSummary> {
	const patients = options.patients ?? 25_000;
	const seed = options.seed ?? 1;
	const bench = options.profile === 'bench';
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const truthFolder = join(folder, 'truth');
	if (!bench) mkdirSync(truthFolder, { recursive: true, mode: 0o700 });
	const filesFolder = join(folder, 'files');
	const eligibility = new DemoFile(filesFolder, 'eligibility.csv', 'eligibility');
	const years = [2024, 2025, 2026];
	const pharmacyFiles = years.map((year) => new DemoFile(filesFolder, `pharmacy_claim_${year}.csv`, 'pharmacy_claim'));
	const medicalFiles = years.map((year) => new DemoFile(filesFolder, `medical_claim_${year}.csv`, 'medical_claim'));
	const [second, third] = [dayOf(2025, 1, 1), dayOf(2026, 1, 1)];
	const byReceived = (files: DemoFile[]) => (received: Day) => files[received < second ? 0 : received < third ? 1 : 2]!;
	const pharmacyFile = byReceived(pharmacyFiles);
	const medicalFile = byReceived(medicalFiles);
	const files = [eligibility, ...pharmacyFiles, ...medicalFiles];
	const extra = (name: ConstructorParameters<typeof DemoFile>[2]) => {
		const file = new DemoFile(filesFolder, `${name}.csv`, name);
		files.push(file);
		return file;
	};
	const dispense = noDispenseTruth();
	const medical: MedicalTruth = { voidedStays: 0, replacedBills: 0, interimBills: 0, lateBills: 0 };
	const mtm: MtmTruth = {
		enrolments: 0,
		completedCmrs: 0,
		recommendations: {},
		verified: { yes: 0, no: 0, too_early: 0, not_checkable: 0 },
		claims: 0,
		neverBilled: 0
	};
	const open = bench
		? null
		: {
				lab: extra('lab_result'),
				contact: extra('contact'),
				mtm: {
					mtm_enrollment: extra('mtm_enrollment'),
					mtm_service: extra('mtm_service'),
					mtm_medication: extra('mtm_medication'),
					mtm_service_element: extra('mtm_service_element'),
					mtm_recommendation: extra('mtm_recommendation'),
					mtm_opportunity: extra('mtm_opportunity'),
					mtm_claim: extra('mtm_claim')
				} satisfies MtmFiles,
				people: new TruthFile(
					truthFolder,
					'person.csv',
					'person_id,need,bent,treatments,mtm,eligible_on,first_cmr_on,fills,stays_without_mtm,stays,planted'
				),
				recommendations: new TruthFile(
					truthFolder,
					'recommendation.csv',
					'recommendation_id,person_id,action,ingredient,new_ingredient,response_date,happens,changed_on,verified,claim_id,shown_on'
				),
				planted: new TruthFile(truthFolder, 'audit.csv', 'rule,person_id,service_id,claim_id,claim_line_number,note')
			};

	for (let number = 0; number < patients; number++) {
		const audit = bench ? null : auditCase(number);
		const one = audit ? fitForAudit(person(seed, number), audit) : person(seed, number);
		for (const row of eligibilityRows(one)) eligibility.row(row);
		const treated = therapies(seed, one);
		const asBorn = treated.length;
		const without = audit ? (audit.rule === 'A15' ? [plainStay(audit.on - 2, audit.on + 2)] : []) : stays(seed, one);
		const programme = bench || audit ? null : programmeOf(seed, one, treated, without);
		const steadierFrom = programme?.firstCmr ?? null;
		const happened = steadierFrom === null ? without : prevent(seed, one, without, steadierFrom, effect.staysPrevented);
		const away = (day: Day) => {
			for (const stay of happened) if (day >= stay.from && day <= stay.to) return stay.to;
			return null;
		};
		const fills = treated
			.flatMap((therapy) => fillsOf(seed, one, therapy, { away, steadierFrom, steadier: effect.latenessPrevented }))
			.sort((a, b) => a.on - b.on || a.therapy.number - b.therapy.number);
		const dispensed = writeFills(seed, one, fills, pharmacyFile, dispense, !bench);
		const emergency = bench || audit ? [] : visits(seed, one, happened);
		for (const line of medicalClaims(seed, one, happened, emergency, medical, bench))
			medicalFile(line.received).row(line.row);
		if (open) {
			for (const [on, loinc, result, unit] of labs(seed, one))
				open.lab.row([one.id, loinc, loinc, loinc, result, unit, `${iso(on)} 09:00:00`, 'demo']);
			if (programme && programme.enrolments.length > 0)
				for (const told of writeProgramme(seed, one, programme, treated, dispensed, open.mtm, mtm))
					open.recommendations.row(told);
			const planted = audit ? writeAudit(seed, one, audit, dispensed, open.mtm) : [];
			for (const told of planted) open.planted.row(told);
			open.contact.row(contactRow(seed, one));
			writeDirt(seed, one, eligibility, medicalFile, open.mtm.mtm_service);
			const hospital = (list: readonly Stay[]) =>
				list.filter((stay) => stay.kind === 'acute' && stay.admitSource !== '4').length;
			open.people.row([
				one.id,
				one.need.toFixed(3),
				one.bent.toFixed(3),
				treated
					.slice(0, asBorn)
					.filter((therapy) => therapy.behaviour !== 'acute')
					.map((therapy) => `${therapy.line}:${therapy.behaviour}`)
					.join(' '),
				audit
					? 'planted'
					: programme!.enrolments.length > 0
						? 'enrolled'
						: programme!.eligible === null
							? 'no'
							: 'eligible',
				isoOrNone(programme?.eligible ?? null),
				isoOrNone(steadierFrom),
				dispensed.length,
				hospital(without),
				hospital(happened),
				audit?.rule ?? ''
			]);
		}
		if (number % 250 === 249) {
			options.progress?.(number + 1, patients);
			await new Promise((next) => setImmediate(next));
		}
	}
	if (open) {
		writeNetwork(seed, patients, extra('pharmacy'), extra('provider'));
		const fee = extra('fee_schedule');
		for (const [programme, codes] of Object.entries(fees))
			for (const [code, [before, since]] of Object.entries(codes)) {
				const payers = new Set(plans.filter((plan) => plan.programme === programme).map((plan) => plan.payer));
				if (programme === 'medicaid') for (const payer of auditPayers.values()) payers.add(payer);
				for (const payer of payers) {
					fee.row([programme, payer, code, '', before.toFixed(2), '2023-01-01', '2024-12-31']);
					fee.row([programme, payer, code, '', since.toFixed(2), '2025-01-01', '']);
				}
			}
	}
	options.progress?.(patients, patients);
	const summary: DemoSummary = {
		folder: filesFolder,
		patients,
		seed,
		dataThrough: iso(lastDay),
		files: files.map((file) => file.close()),
		truth: { effect, dispense, medical, mtm }
	};
	if (open) {
		open.people.close();
		open.recommendations.close();
		open.planted.close();
		const { folder: _, ...told } = summary;
		writeFileSync(join(truthFolder, 'truth.json'), JSON.stringify(told, null, '\t') + '\n', { mode: 0o600 });
	}
	return summary;
}
