import { auditPayers, auditPharmacists } from './audit';
import type { DemoFile } from './files';
import { fees } from './mtm_claim';
import { patientsAPharmacist, pharmacies, pharmacist, plans, prescribers } from './world';

/** Stores, prescribers and pharmacists. */
export function writeNetwork(seed: number, patients: number, pharmacy: DemoFile, provider: DemoFile): void {
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

/** What contracts pay for MTM, before 2025 and since. */
export function writeFees(fee: DemoFile): void {
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
