import { readStanding } from '$lib/domain/eligibility';
import { readMtmFilter } from '$lib/domain/mtm_filter';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { seesDays } from '$lib/domain/scope';
import type { Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import { ask } from '$lib/server/warehouse';

type Shown = { columns: string[]; rows: Row[]; order?: string };

const identifiers = ['patient_id', 'first_name', 'last_name', 'phone', 'best_time'];

/** Rows of patients under the columns that a level may hold: identifiers at P3 alone. */
const shown = (rows: Row[], { scope }: Asked, order: string): Shown => ({
	columns: Object.keys(rows[0] ?? { pid: null }).filter(
		(column) => scope.phi === 'P3' || !identifiers.includes(column)
	),
	rows,
	order
});

/** The table of recommendations with the filters and order of its page, all pages of it. */
export async function recommendationsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'recommendations');
	const { sort, descending, open } = readRecommendationTable(words, seesDays(scope));
	const rows = await ask<Row>(
		home,
		'recommendations',
		{ year, ...filter, open, sort, descending, first: 0, rows: null },
		scope
	);
	return shown(rows, question, `${sort}, ${descending ? 'descending' : 'ascending'}`);
}

/** Who can still have the review that counts, within the filters of the page of reviews. */
export async function reviewsDueOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews');
	const rows = await ask<Row>(home, 'reviews_due', { year, ...filter, first: 0, rows: null }, scope);
	return shown(rows, question, 'whose enrolment ends first');
}

/** The people of one standing in MTM, or of all, within the filters of the page of eligibility. */
export async function eligibilityOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews');
	const { chosen } = readStanding(words);
	const rows = await ask<Row>(home, 'eligibility_people', { ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(rows, question, 'whose medicines cost most a year');
}
