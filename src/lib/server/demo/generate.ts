import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Day } from '$lib/domain/day';
import { auditCase, fitForAudit } from './audit';
import { writeAudit } from './audit_planted';
import { dayOf, iso, isoOrNone, lastDay } from './calendar';
import { writeDirt } from './dirt';
import { noDispenseTruth, writeFills, type DispenseTruth } from './dispense';
import { writeProgramme, type MtmTruth } from './document';
import { DemoFile, TruthFile, type FileTruth, type MtmFiles } from './files';
import { plainStay, prevent, stays, visits, type Stay } from './hospital';
import { labs } from './lab';
import type { MedicalTruth } from './medical_bill';
import { medicalClaims } from './medical_claim';
import { writeFees, writeNetwork } from './network';
import { person } from './person';
import { effect, programmeOf } from './programme';
import { fillsOf } from './refill';
import { contactRow, eligibilityRows } from './roster';
import { therapies } from './therapy';

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
		writeFees(extra('fee_schedule'));
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
