import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mtmThere, readMtmFilter } from '$lib/domain/mtm_filter';
import { readPopulation } from '$lib/domain/population';
import { codesOf, codeWords } from '$lib/domain/recommendation';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { notStated } from '$lib/domain/reviewed_people';
import { everyone } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { units, type Unit } from '../../src/routes/interventions/group';
import { demoHome } from '../laws/scope_home';

// Each number of the page of interventions opens to as many recommendations.

let home: Home;
beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 600_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

type Row = Record<string, number | string | boolean | null>;
type Words = Record<string, string>;

/** The addresses of the page that the links stand on. */
const pages = ['', 'response=accepted,declined&problem=adherence&verified=!no'];
/** How a page with these words reads its filters. */
function filtersOf(words: string) {
	const params = new URLSearchParams(words);
	const { filter, problems } = readMtmFilter(params, readPopulation(params).population, 'recommendations', true);
	expect(problems).toEqual([]);
	return filter;
}
const yearOf = (words: string) => Number(new URLSearchParams(words).get('y') ?? 2025);
const asked = (panel: string, page: string, more: Record<string, string | number | null> = {}) =>
	ask<Row>(home, panel, { year: yearOf(page), ...filtersOf(page), ...more }, everyone);

/** The recommendations that a link of a page lists; how many they say they are is how many there are. */
async function listed(page: string, patch: Words): Promise<Row[]> {
	const link = mtmThere(new URL(`http://x/interventions?${page}`), '/interventions/recommendations', patch);
	const words = link.split('?')[1] ?? '';
	const { chosen, sort, descending, problems } = readRecommendationTable(new URLSearchParams(words), true);
	expect(problems).toEqual([]);
	const asking = { ...filtersOf(words), ...chosen, year: yearOf(words) };
	const rows = await ask<Row>(home, 'recommendations', { ...asking, sort, descending, first: 0, rows: null }, everyone);
	const [found] = await ask<Row>(home, 'recommendations_found', asking, everyone);
	expect(found).toMatchObject({
		recommendations: rows.length,
		patients: new Set(rows.map((row) => row.pid)).size
	});
	return rows;
}

/** Compares numbers of each page with what they open to; at least so many are not 0. */
async function holds(least: number, numbers: (page: string) => Promise<[number: unknown, patch: Words][]>, of = pages) {
	let seen = 0;
	for (const page of of)
		for (const [number, patch] of await numbers(page)) {
			// A number of 0 is no link.
			if (number === 0) continue;
			expect((await listed(page, patch)).length, `${page} ${JSON.stringify(patch)}`).toBe(number);
			seen += 1;
		}
	expect(seen).toBeGreaterThanOrEqual(least);
}

test('why recommendations were declined', () =>
	holds(8, async (page) =>
		(await asked('decline_reasons', page)).map((row) => [
			row.recommendations,
			{ decline: String(row.decline_word ?? notStated) }
		])
	));

const made = { judged: 'made' };
const accepted = { response: 'accepted,modified' };
const answered = { response: 'accepted,modified,declined' };
const declined = { response: 'declined' };
const inClaims: [string, Words][] = [
	['verified_yes', { verified: 'yes' }],
	['verified_no', { verified: 'no' }],
	['too_early', { verified: 'too_early' }],
	['not_checkable', { verified: 'not_checkable' }]
];

test('how far recommendations went, who is left out, and who did not get there', () =>
	holds(30, async (page) => {
		const [line] = await asked('acceptance', page);
		const less = (column: string) => Number(line!.made) - Number(line![column]);
		return [
			[line!.recommendations, {}],
			[line!.under_30_days, { judged: 'under_30_days' }],
			[line!.unable_to_reach, { judged: 'unable_to_reach' }],
			[line!.withdrawn, { judged: 'withdrawn' }],
			[line!.made, made],
			[line!.sent, { ...made, sent: 'yes' }],
			[less('sent'), { ...made, sent: 'no' }],
			[line!.answered, { ...made, ...answered }],
			[less('answered'), { ...made, response: '!accepted,!modified,!declined' }],
			[line!.accepted, { ...made, ...accepted }],
			[less('accepted'), { ...made, response: '!accepted,!modified' }],
			[line!.modified, { ...made, response: 'modified' }],
			[line!.declined, { ...made, ...declined }],
			[line!.waiting, { ...made, response: 'pending' }],
			[line!.no_response, { ...made, response: 'no_response' }],
			[line!.verified, { ...made, verified: 'yes' }],
			[less('verified'), { ...made, verified: '!yes' }],
			[line!.resolved, { ...made, resolved: 'yes' }],
			[less('resolved'), { ...made, resolved: '!yes' }],
			[line!.accepted_ever, accepted],
			...inClaims.map(([column, words]) => [line![column], words] as [unknown, Words])
		];
	}));

for (const unit of Object.keys(units) as Unit[])
	test(`groups by ${unit}, those not stated too`, () =>
		holds(8, async (page) =>
			(await asked('acceptance_groups', page, { unit })).flatMap((row) => {
				const group = { ...made, [units[unit].filter]: String(row.value ?? notStated).replaceAll(',', ',,') };
				return [
					[row.made, group],
					[row.accepted, { ...group, ...accepted }],
					[row.answered, { ...group, ...answered }],
					...inClaims.map(([column, words]) => [row[column], { ...group, ...words }])
				] as [unknown, Words][];
			})
		));

test('the unanswered by age', () =>
	holds(
		5,
		async (page) =>
			(await asked('unanswered', page)).flatMap((row): [unknown, Words][] => {
				const waited = codesOf('waited')[Number(row.place) - 1]!;
				expect(codeWords('waited', waited).toLowerCase()).toBe(row.age);
				return [
					[row.waiting, { waited, response: 'pending' }],
					[row.no_response, { waited, response: 'no_response' }]
				];
			}),
		['', 'y=2026', 'y=2026&problem=adherence']
	));

test('how soon answers come: those who waited until each day, and those answered on it', () =>
	holds(40, async (page) =>
		(await asked('response_times', page)).flatMap((row): [unknown, Words][] => [
			[row.waiting, { took: `${row.days}_or_more` }],
			[row.answers, { took: String(row.days) }]
		])
	));

test('month by month, of the year before too', () =>
	holds(40, async (page) =>
		(await asked('acceptance_months', page)).flatMap((row): [unknown, Words][] => {
			const month = { ...made, y: String(row.period).slice(0, 4), month: String(row.period) };
			return [
				[row.made, month],
				[row.accepted, { ...month, ...accepted }]
			];
		})
	));

test('severity, and whose avoided cost was estimated', () =>
	holds(8, async (page) =>
		(await asked('severity_estimates', page)).flatMap((row): [unknown, Words][] => {
			const level = { ...accepted, severity: String(row.severity_level ?? notStated) };
			return [
				[row.recommendations, level],
				[row.with_estimate, { ...level, estimate: 'yes' }]
			];
		})
	));

test('barriers and strategies: what came of them, and the days before and after the answer', () =>
	holds(100, async (page) => {
		const rows = await asked('barriers', page);
		const around: [string, string][] = [
			['followed', 'followed'],
			['adherent_before', 'adherent_before'],
			['adherent_after', 'adherent_after'],
			...codesOf('around').map((code): [string, string] => [code === 'too_early' ? 'around_open' : code, code])
		];
		const sums = (of: Row[], words: Words) => {
			const sum = (column: string) => of.reduce((all, row) => all + Number(row[column]), 0);
			return [
				...around.map(([column, state]) => [sum(column), { ...words, around: state }]),
				[sum('accepted') - sum('followed'), { ...words, around: 'not_computable' }]
			] as [unknown, Words][];
		};
		return [
			...sums(rows, {}),
			...[...new Set(rows.map((row) => String(row.barrier)))].flatMap((barrier) =>
				sums(
					rows.filter((row) => row.barrier === barrier),
					{ barrier }
				)
			),
			...rows.flatMap((row) => {
				const words = { barrier: String(row.barrier), strategy: String(row.strategy_word ?? notStated) };
				return [
					[row.recommendations, words],
					[row.accepted, { ...words, ...accepted }],
					...inClaims.map(([column, more]) => [row[column], { ...words, ...more }]),
					...sums([row], words)
				] as [unknown, Words][];
			})
		];
	}));
