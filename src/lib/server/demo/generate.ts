import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Day } from '$lib/domain/day';
import { dayOf, iso, isoOrNone, lastDay } from './calendar';
import { noDispenseTruth, writeFills, type DispenseTruth } from './dispense';
import { DemoFile, type Cell, type FileTruth } from './files';
import { labs, medicalClaims, prevent, stays, visits, type MedicalTruth } from './hospital';
import { person, type Person } from './person';
import { chance } from './random';
import { behaviourShares, fillsOf, therapies } from './therapy';
import { pharmacies, prescribers } from './world';

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
	folder: string;
	patients: number;
	seed: number;
	/** Last day of claims. */
	dataThrough: string;
	files: FileTruth[];
	truth: { dispense: DispenseTruth; medical: MedicalTruth };
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

/**
 * Writes the demo population into a folder: files in the contract's form, and beside them `truth/` with what is known to be true of them.
 * The same seed gives the same bytes; person n is the same person whatever the size. Nothing is kept in memory but one person at a time.
 */
export async function generateDemo(folder: string, options: DemoOptions = {}): Promise<DemoSummary> {
	const patients = options.patients ?? 25_000;
	const seed = options.seed ?? 1;
	const bench = options.profile === 'bench';
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const truthFolder = join(folder, 'truth');
	if (!bench) mkdirSync(truthFolder, { recursive: true, mode: 0o700 });
	const eligibility = new DemoFile(folder, 'eligibility.csv', 'eligibility');
	const years = [2024, 2025, 2026];
	const pharmacyFiles = years.map((year) => new DemoFile(folder, `pharmacy_claim_${year}.csv`, 'pharmacy_claim'));
	const medicalFiles = years.map((year) => new DemoFile(folder, `medical_claim_${year}.csv`, 'medical_claim'));
	const [second, third] = [dayOf(2025, 1, 1), dayOf(2026, 1, 1)];
	const byReceived = (files: DemoFile[]) => (received: Day) => files[received < second ? 0 : received < third ? 1 : 2]!;
	const pharmacyFile = byReceived(pharmacyFiles);
	const medicalFile = byReceived(medicalFiles);
	const files = [eligibility, ...pharmacyFiles, ...medicalFiles];
	const extra = (name: ConstructorParameters<typeof DemoFile>[2]) => {
		const file = new DemoFile(folder, `${name}.csv`, name);
		files.push(file);
		return file;
	};
	const lab = bench ? null : extra('lab_result');
	const contact = bench ? null : extra('contact');
	const dispense = noDispenseTruth();
	const medical: MedicalTruth = { voidedStays: 0, replacedBills: 0, interimBills: 0, lateBills: 0 };

	for (let number = 0; number < patients; number++) {
		const one = person(seed, number);
		for (const row of eligibilityRows(one)) eligibility.row(row);
		const treated = therapies(seed, one);
		const without = stays(seed, one);
		const happened = without;
		const away = (day: Day) => {
			for (const stay of happened) if (day >= stay.from && day <= stay.to) return stay.to;
			return null;
		};
		const fills = treated
			.flatMap((therapy) => fillsOf(seed, one, therapy, { away, steadierFrom: null, steadier: 0 }))
			.sort((a, b) => a.on - b.on || a.therapy.number - b.therapy.number);
		writeFills(seed, one, fills, pharmacyFile, dispense, !bench);
		const emergency = bench ? [] : visits(seed, one, happened);
		for (const line of medicalClaims(seed, one, happened, emergency, medical, bench))
			medicalFile(line.received).row(line.row);
		if (lab)
			for (const [on, loinc, result, unit] of labs(seed, one))
				lab.row([one.id, loinc, loinc, loinc, result, unit, `${iso(on)} 09:00:00`, 'demo']);
		if (number % 250 === 249) {
			options.progress?.(number + 1, patients);
			await new Promise((next) => setImmediate(next));
		}
	}
	if (!bench) {
		const pharmacy = extra('pharmacy');
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
		const provider = extra('provider');
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
	}
	options.progress?.(patients, patients);
	const summary: DemoSummary = {
		folder,
		patients,
		seed,
		dataThrough: iso(lastDay),
		files: files.map((file) => file.close()),
		truth: { dispense, medical }
	};
	if (!bench) writeFileSync(join(truthFolder, 'truth.json'), JSON.stringify(summary, null, '\t'), { mode: 0o600 });
	return summary;
}
