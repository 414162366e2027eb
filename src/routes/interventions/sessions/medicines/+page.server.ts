import { medicineListWords, readMedicineList } from '$lib/domain/medicine_list';
import { listed } from '../listed.server';
import type { ListedMedicine } from '../session_row';
import type { PageServerLoad } from './$types';

/** The medicines of a year's sessions: in the list that was reviewed, on hand by claims, or both. */
export const load: PageServerLoad = (event) =>
	listed<ListedMedicine>(event, 'medicines_listed', 'medicines of sessions', () => {
		const { chosen, problems } = readMedicineList(event.url.searchParams);
		return { chosen, problems, words: medicineListWords(chosen) };
	});
