import { readStanding } from '$lib/domain/eligibility';
import { readMedicineList } from '$lib/domain/medicine_list';
import { readMtmFilter } from '$lib/domain/mtm_filter';
import { readOpportunities } from '$lib/domain/opportunity';
import { readElementList } from '$lib/domain/element_list';
import { listAsked } from '$lib/domain/problem';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { readSessionList } from '$lib/domain/session_list';
import { readReviewed } from '$lib/domain/reviewed_people';
import { seesDays } from '$lib/domain/scope';
import type { Asked } from '$lib/server/door';
import type { Row } from '$lib/server/duckdb';
import { elementTitles } from '$lib/server/element_titles';
import { dismissedProblems } from '$lib/server/problem_decisions';
import { reviewLists } from '$lib/server/review_lists';
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

/** Rows without the number of all of them, which a file has by itself. */
const withoutSum = (rows: Row[]): Row[] => rows.map(({ rows_in_all: _, ...row }) => row);

/** The table of recommendations with the filters and order of its page, all pages of it. */
export async function recommendationsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'recommendations', seesDays(scope));
	const { sort, descending, chosen } = readRecommendationTable(words, seesDays(scope));
	const rows = await ask<Row>(
		home,
		'recommendations',
		{ year, ...filter, ...chosen, sort, descending, first: 0, rows: null },
		scope
	);
	return shown(rows, question, `${sort}, ${descending ? 'descending' : 'ascending'}`);
}

/** Who can still have the review that counts, within the filters of the page of reviews. */
export async function reviewsDueOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const rows = await ask<Row>(home, 'reviews_due', { year, ...filter, first: 0, rows: null }, scope);
	return shown(rows, question, 'whose enrolment ends first');
}

/** The people whom the page of reviews counts, or leaves out for one reason, within its filters; everybody enrolled when none is chosen. */
export async function reviewedOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const { chosen } = readReviewed(words, seesDays(scope));
	const rows = await ask<Row>(home, 'reviewed_people', { year, ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(withoutSum(rows), question, 'patient');
}

/** The people of one standing in MTM, or of all, within the filters of the page of eligibility. */
export async function eligibilityOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const { chosen } = readStanding(words);
	const rows = await ask<Row>(home, 'eligibility_people', { ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(rows, question, 'whose medicines cost most a year');
}

/** The sessions that an address lists, the latest first. */
export async function sessionsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const titles = await elementTitles(home, scope);
	const { chosen } = readSessionList(words, [...titles.keys()]);
	const rows = await ask<Row>(home, 'sessions', { year, ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(withoutSum(rows), question, 'the latest first');
}

/** The elements of sessions that the address of their list asks for, all of them. */
export async function sessionElementsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const titles = await elementTitles(home, scope);
	const { chosen } = readElementList(words, [...titles.keys()]);
	const rows = await ask<Row>(home, 'elements_listed', { year, ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(withoutSum(rows), question, 'the latest first');
}

/** The medicines of sessions that the address of their list asks for, all of them. */
export async function sessionMedicinesOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const { chosen } = readMedicineList(words);
	const rows = await ask<Row>(home, 'medicines_listed', { year, ...filter, ...chosen, first: 0, rows: null }, scope);
	return shown(withoutSum(rows), question, 'the latest first');
}

/** The opportunities that an address lists, the latest first. */
export async function opportunitiesOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope, year, population } = question;
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const { chosen } = readOpportunities(words);
	const rows = await ask<Row>(
		home,
		'opportunities_opened',
		{ year, ...filter, ...chosen, first: 0, rows: null },
		scope
	);
	return shown(withoutSum(rows), question, 'the latest first');
}

/** What the page of problems was asked for: its filters, lists that exist, the state, and what is dismissed. */
async function problemsAsked({ home, scope, population }: Asked, words: URLSearchParams) {
	const { filter } = readMtmFilter(words, population, 'reviews', seesDays(scope));
	const known = new Set(reviewLists('all').map((list) => list.id));
	const lists = words
		.getAll('list')
		.flatMap((text) => text.split(','))
		.filter((list) => known.has(list));
	return {
		asking: { ...filter, dismissed: [...(await dismissedProblems(home)).keys()] },
		lists: lists.length ? lists : null,
		state: listAsked(words.get('state')) ?? listAsked(null)!
	};
}

/** The problems of one list in the order of its page; none without a list. */
export async function problemsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	const { asking, lists, state } = await problemsAsked(question, words);
	const rows =
		lists && state.shown
			? await ask<Row>(
					home,
					'problems',
					{ ...asking, list: lists[0], state: state.shown === 'all' ? null : state.shown, first: 0, rows: null },
					scope
				)
			: [];
	return shown(rows, question, 'open before dismissed, the most pressing first');
}

/** The recommendations about problems of one list that claims do not show, or about those that no list looks for. */
export async function problemsDocumentedOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	const { asking, lists, state } = await problemsAsked(question, words);
	const { dismissed: _, ...filter } = asking;
	const rows = await ask<Row>(
		home,
		'problems_documented',
		{
			...filter,
			list: lists?.[0] ?? null,
			resolved: state.documented === 'resolved' ? true : null,
			problem: lists ? null : words.get('unlisted'),
			first: 0,
			rows: null
		},
		scope
	);
	return shown(withoutSum(rows), question, 'the latest first');
}

/** Everybody with an open reason on the lists asked for, one row a patient. */
export async function reasonsOf(question: Asked, words: URLSearchParams): Promise<Shown> {
	const { home, scope } = question;
	const { asking, lists } = await problemsAsked(question, words);
	const rows = await ask<Row>(home, 'patients_with_reasons', { ...asking, lists, first: 0, rows: null }, scope);
	return shown(rows, question, 'who must be reached first, then who is on most lists');
}
