import type { Day } from '$lib/domain/day';
import type { Cell } from './files';
import type { Stay, Visit } from './hospital';
import { billMistake, billStays, billVisits } from './hospital_claim';
import { deskOf, type MedicalTruth } from './medical_bill';
import { billOffice, billVaccines } from './office_claim';
import type { Person } from './person';

/** All medical claim lines of a person, as received. */
export function medicalClaims(
	seed: number,
	one: Person,
	list: readonly Stay[],
	emergency: readonly Visit[],
	truth: MedicalTruth,
	staysOnly = false
): { received: Day; row: Cell[] }[] {
	const desk = deskOf(seed, one, truth);
	billStays(desk, list, staysOnly);
	if (!staysOnly) {
		billMistake(desk);
		billVisits(desk, emergency);
		billOffice(desk, list);
		billVaccines(desk);
	}
	return desk.lines;
}
