import type { Cell, Released } from './hidden';
import type { Population, Problem } from './population';

/** One row of the review table, as the panel `patients` gives it. */
export type ReviewRow = {
	place: number;
	pid: string;
	/** As loaded; null where identifiers are not shown, as are name, phone and birth date. */
	patient_id: string | null;
	first_name: string | null;
	last_name: string | null;
	birth_date: string | null;
	/** Years; a band where days are not shown. */
	age: number | string | null;
	gender: string | null;
	plan: string | null;
	phone: string | null;
	has_phone: boolean;
	best_time: string | null;
	language: string | null;
	do_not_contact: boolean | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	store_number: string | null;
	pharmacy_fills: number | null;
	counted_fills: number | null;
	prescriber_npi: string | null;
	prescriber_name: string | null;
	prescriber_phone: string | null;
	prescriber_fax: string | null;
	measure: string;
	status: string;
	excluded_because: string | null;
	in_denominator: boolean;
	last_ingredient: string | null;
	last_days_supply: number | null;
	last_refills_remaining: number | null;
	last_fill_on: string | null;
	runs_out_on: string | null;
	days_late: number | null;
	covered_days: number | null;
	elapsed_days: number | null;
	pdc: number | null;
	missed_days: number | null;
	allowable_days_remaining: number | null;
	last_impactable_on: string | null;
	best_possible_pdc: number | null;
	list: string | null;
	priority: number | null;
	reason: string | null;
	evidence: string | null;
	due_on: string | null;
	since_on: string | null;
	measures: { measure: string; status: string }[];
};

/** How many rows and people the whole table has. */
export type Found = Released & { patients: Cell; rows: Cell; without_phone: Cell; not_to_contact: Cell };

/** The words that the head of a column sorts by. */
export const sorts = [
	'priority',
	'patient',
	'age',
	'plan',
	'pharmacy',
	'prescriber',
	'drug',
	'filled',
	'runs_out',
	'late',
	'pdc',
	'missed',
	'adr',
	'lid',
	'best',
	'status'
] as const;
export type Sort = (typeof sorts)[number];

/** The words whose order would tell days, for who sees none. */
const ofDays: readonly Sort[] = ['filled', 'runs_out', 'late', 'missed', 'adr', 'lid'];

/** The list a bare address shows: those who can still be helped, not those below a line. */
export const defaultList = 'adherence_at_risk';

/** What the review table was asked to show. */
export type Review = {
	measure: string | null;
	/** Null means everyone in the measures. */
	list: string | null;
	year: number;
	population: Population;
	/** Only those with a phone number (true) or without one (false); null for both. */
	phone: boolean | null;
	sort: Sort;
	descending: boolean;
};

/**
 * Reads the page's own words of the address: list, measure, sort, dir. Without list and measure the list of those at risk is shown,
 * when the year is the one that lists are made for; `list=all` is everyone. Who sees no `days` cannot sort by them.
 */
export function readReview(
	words: URLSearchParams,
	known: { year: number; latest: number; population: Population; measures: string[]; lists: string[]; days: boolean }
): { review: Review; problems: Problem[] } {
	const problems: Problem[] = [];
	let measure = words.get('measure');
	if (measure && !known.measures.includes(measure)) {
		problems.push({ key: 'measure', value: measure, why: `measure ${measure} not found` });
		measure = null;
	}
	const asked = words.get('list');
	const current = known.year === known.latest;
	let list = asked ?? (words.get('measure') || !current || !known.lists.includes(defaultList) ? 'all' : defaultList);
	if (list !== 'all' && !known.lists.includes(list)) {
		problems.push({ key: 'list', value: list, why: `list ${list} not found` });
		list = 'all';
	}
	if (list !== 'all' && !current) {
		problems.push({ key: 'list', value: list, why: `review lists are made for ${known.latest} only` });
		list = 'all';
	}
	const asking = words.get('sort');
	const told = sorts.find((one) => one === asking) ?? 'priority';
	const sort = !known.days && ofDays.includes(told) ? 'priority' : told;
	if (sort !== told)
		problems.push({
			key: 'sort',
			value: told,
			why: 'days are not shown at your level, so the table cannot be sorted by them'
		});
	else if (asking && sort !== asking)
		problems.push({ key: 'sort', value: asking, why: `${asking} is no column to sort by` });
	const phone = words.get('phone');
	if (phone && phone !== 'yes' && phone !== 'no')
		problems.push({ key: 'phone', value: phone, why: `"${phone}" is neither yes nor no` });
	return {
		review: {
			measure: measure || null,
			list: list === 'all' ? null : list,
			year: known.year,
			population: known.population,
			phone: phone === 'yes' ? true : phone === 'no' ? false : null,
			sort,
			descending: words.get('dir') === 'desc'
		},
		problems
	};
}

/** Why a row stands where it stands when sorted by priority: the group that its status puts it in. */
export function whyThisPlace(row: ReviewRow): string {
	const bucket: Record<string, string> = {
		last_chance: 'first group: last chance',
		overdue: 'second group: overdue',
		due_soon: 'third group: due soon',
		on_track: 'on track',
		not_yet_in_measure: 'not yet in the measure',
		secured: 'secured, so after all who need a fill',
		lost: 'lost for the year, so after all who can still reach it',
		excluded: 'not counted, so last'
	};
	return bucket[row.status] ?? row.status;
}
