import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewPath, type Attempts, type MtmMeasure } from '../../src/routes/interventions/reviews/review';
import { readRecommendationTable } from '$lib/domain/recommendation_table';
import { openReviews, readReviewed, reviewMeasures, reviewUnits } from '$lib/domain/reviewed_people';
import { everyone } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { query } from '$lib/server/query';
import { chosenTotal } from '$lib/server/total';
import { ask } from '$lib/server/warehouse';
import { demoHome } from '../laws/scope_home';

let home: Home;

beforeAll(async () => {
	home = await demoHome(1500, 4);
}, 600_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

const rows = async <T>(sql: string): Promise<T[]> =>
	await query(home, sql, everyone, async (answer) => {
		const found: T[] = [];
		for await (const row of answer.rows) found.push(row as T);
		return found;
	});
test('as many people have a completed review in a year as sessions say, and none outside an enrolment', async () => {
	const [counts] = await rows<{ view: number; files: number }>(`
		select
			(select count(*) from cmr where completed)::integer as view,
			(
				select count(*)::integer from (
					select distinct s.person_id, e.contract_id, e.program, year(s.service_date)
					from mtm_service s inner join mtm_enrollment e
						on e.person_id = s.person_id and e.contract_id is not distinct from s.contract_id and e.program = s.program
						and s.service_date >= e.enrollment_date and s.service_date < coalesce(e.opt_out_date, date '2100-01-01')
					-- The demo plants reviews after death: no enrolment holds them.
					anti join (select person_id, death_date from eligibility where death_date is not null) as dead
						on dead.person_id = s.person_id and dead.death_date <= s.service_date and e.opt_out_date is null
					where s.service_type = 'cmr' and s.status = 'completed'
				)
			) as files`);
	expect(counts!.view).toBeGreaterThan(100);
	expect(counts!.view).toBe(counts!.files);
});

type Row = Record<string, number | string | boolean | null>;
const panel = (name: string, parameters: Record<string, string | number | string[] | boolean | null> = {}) =>
	ask<Row>(home, name, parameters, everyone);
const total = (rows: Row[], column: string) => rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);

/** A panel's rows with the filters that its page would pass: none. */
const asked = (name: string, more: Record<string, string | number | string[] | boolean | null> = {}) =>
	panel(name, { year: 2025, ...more });
/** A measure as published, of everybody, in a year. */
const published = async (measure: string, year = 2025) =>
	(
		await rows<{ numerator: number; denominator: number }>(`
			select numerator, denominator from measure_result
			where measure = '${measure}' and period = '${year}' and dimension = 'all'`)
	)[0]!;

test('a share of MTM is the same asked with filters as published, of everybody and of each plan, pharmacy and prescriber', async () => {
	const [run] = await panel('latest_run');
	const shares = await rows<{
		measure: string;
		dimension: string;
		value: string;
		numerator: number;
		denominator: number;
	}>(`
		select measure, dimension, dimension_value as value, numerator, denominator from measure_result
		where period = '2025' and unit = 'proportion' and dimension in ('all', 'plan', 'pharmacy', 'prescriber')
			and measure like 'acceptance%'
		union all
		select measure, dimension, dimension_value, numerator, denominator from measure_result
		where period = '2025' and unit = 'proportion' and dimension in ('all', 'plan', 'pharmacy')
			and measure in ('cmr_completion', 'cmr_summary_standard_format', 'follow_up_kept', 'session_completeness', 'opportunities_done')`);
	const key: Record<string, string> = { plan: 'plan', pharmacy: 'pharm', prescriber: 'presc' };
	expect(new Set(shares.map((share) => share.measure)).size).toBe(8);
	for (const { measure, dimension, value, numerator, denominator } of shares) {
		const only = dimension === 'all' ? null : [key[dimension]!, `${key[dimension]!}=${value}`];
		const found = await chosenTotal(home, measure, 2025, { only, never: null }, String(run!.as_of), everyone);
		expect([measure, dimension, value, found?.numerator, found?.denominator]).toEqual([
			measure,
			dimension,
			value,
			numerator,
			denominator
		]);
	}
	expect(shares.length).toBeGreaterThan(50);
});

test('panels agree with the published measures and with the rows they open to', async () => {
	const cmr = await published('cmr_completion');
	expect(cmr.numerator).toBeGreaterThan(30);
	const measured = new Map((await asked('review_measures')).map((row) => [row.measure, row]));
	expect(measured.get('cmr_completion')).toMatchObject(cmr);
	for (const unit of ['plan', 'contract', 'pharm']) {
		const groups = await asked('review_groups', { unit });
		expect([total(groups, 'numerator'), total(groups, 'denominator')]).toEqual([cmr.numerator, cmr.denominator]);
	}
	for (const unit of ['delivery', 'setting', 'provider', 'recipient'])
		expect([unit, total(await asked('review_groups', { unit }), 'numerator')]).toEqual([unit, cmr.numerator]);
	const left = await asked('review_left_out', { measure: 'cmr_completion' });
	expect(total(left, 'rows')).toBe(measured.get('cmr_completion')!.rows);
	expect(left.find((row) => row.left_out_because === null)!.rows).toBe(cmr.denominator);
	const months = await asked('review_pace');
	expect(
		total(
			months.filter((row) => row.month !== 0),
			'rows'
		)
	).toBe(cmr.numerator);

	const made = await published('acceptance_of_made');
	const answered = await published('acceptance_of_answered');
	const verified = await published('acceptance_verified');
	const [all] = await asked('acceptance');
	expect([all!.accepted, all!.made, all!.answered]).toEqual([made.numerator, made.denominator, answered.denominator]);
	expect(answered.numerator).toBe(made.numerator);
	for (const unit of ['problem', 'action', 'pharm', 'presc', 'channel', 'to', 'service', 'severity']) {
		const groups = await asked('acceptance_groups', { unit });
		expect([unit, total(groups, 'made'), total(groups, 'accepted'), total(groups, 'answered')]).toEqual([
			unit,
			made.denominator,
			made.numerator,
			answered.denominator
		]);
		expect(total(groups, 'verified_yes') + total(groups, 'verified_no')).toBe(verified.denominator);
	}
	const monthly = await asked('acceptance_months');
	const ofYear = monthly.filter((row) => String(row.period).startsWith('2025'));
	expect([total(ofYear, 'made'), total(ofYear, 'accepted')]).toEqual([made.denominator, made.numerator]);
	const before = await published('acceptance_of_made', 2024);
	expect(total(monthly, 'made')).toBe(made.denominator + before.denominator);
	const table = { open: null, sort: 'age', descending: true, first: 0 };
	const listed = await asked('recommendations', table);
	expect(listed.length).toBe(all!.recommendations);
	expect(listed.length).toBe(
		Number(all!.made) + Number(all!.under_30_days) + Number(all!.unable_to_reach) + Number(all!.withdrawn)
	);
	expect((await asked('recommendations', { ...table, only: ['verified', 'verified=yes'] })).length).toBe(
		all!.verified_yes
	);
	expect(
		(await asked('recommendations', { ...table, first: 10, rows: 5 })).map((row) => row.recommendation_id)
	).toEqual(listed.slice(10, 15).map((row) => row.recommendation_id));

	const now = { year: 2026 };
	const due = await asked('reviews_due', { ...now, first: 0 });
	expect(due.length).toBe((await asked('reviews_due_found', now))[0]!.rows);
	expect(due.length).toBe(total(await asked('review_pace', now), 'can_still'));
	expect(due.length).toBeGreaterThan(10);
	expect(due.map((row) => row.review_due_on)).toEqual(due.map((row) => row.review_due_on).sort());
	const one = String(due[0]!.contract_id);
	expect((await asked('reviews_due', { ...now, first: 0, only: ['contract', `contract=${one}`] })).length).toBe(
		due.filter((row) => row.contract_id === one).length
	);
	const shares = (await asked('response_times')).map((row) => Number(row.share));
	expect(shares.length).toBeGreaterThan(5);
	expect(shares).toEqual([...shares].sort((a, b) => a - b));
	expect(shares.at(-1)).toBeLessThanOrEqual(1);
});

test('what is documented and not shown by claims opens to as many recommendations, list by list and problem by problem', async () => {
	const some = String(
		(await rows<{ plan: string }>('select plan from eligibility where plan is not null limit 1'))[0]!.plan
	);
	const within: Record<string, string[]>[] = [{}, { only: ['plan', `plan=${some}`] }, { never: [`plan=${some}`] }];
	for (const filters of within) {
		const opened = (of: Record<string, string | boolean>) =>
			panel('problems_documented', { ...filters, ...of, first: 0 });
		const lists = await panel('problem_yield', filters);
		expect([lists.length > 5, total(lists, 'not_shown') > 30, total(lists, 'not_shown_resolved') > 5]).toEqual([
			true,
			true,
			true
		]);
		for (const { list, not_shown, not_shown_resolved } of lists) {
			const found = await opened({ list: list! as string });
			const resolved = await opened({ list: list! as string, resolved: true });
			expect([list, found.length, resolved.length]).toEqual([list, not_shown, not_shown_resolved]);
			expect(found.filter((row) => row.is_resolved).length).toBe(not_shown_resolved);
			expect(found.every((row) => row.rows_in_all === not_shown)).toBe(true);
			expect(new Set(found.map((row) => row.recommendation_id)).size).toBe(found.length);
			const days = found.map((row) => String(row.identified_date));
			expect(days).toEqual([...days].sort().reverse());
		}
		const unlisted = await panel('problem_unlisted', filters);
		expect(unlisted.length).toBeGreaterThan(1);
		for (const { problem, recommendations, patients } of unlisted) {
			const found = await opened({ problem: problem! as string });
			expect([problem, found.length, new Set(found.map((row) => row.pid)).size]).toEqual([
				problem,
				recommendations,
				patients
			]);
		}
	}
	const [most] = (await panel('problem_yield')).sort((a, b) => Number(b.not_shown) - Number(a.not_shown));
	const all = await panel('problems_documented', { list: most!.list!, first: 0 });
	const page = await panel('problems_documented', { list: most!.list!, first: 3, rows: 4 });
	expect(page).toEqual(all.slice(3, 7));
});

test('problems resolved within 60 days: as published, and each number opens to as many rows', async () => {
	const measure = 'problems_resolved_within_60_days';
	for (const year of [2025, 2026]) {
		const [line] = await asked('acceptance', { year });
		const wanted = await published(measure, year);
		expect([line!.resolved_in_time, line!.resolvable]).toEqual([wanted.numerator, wanted.denominator]);
		expect(wanted.numerator).toBeGreaterThan(5);
		const open = async (within: string) => {
			const { chosen, problems } = readRecommendationTable(new URLSearchParams({ within }), true);
			expect(problems).toEqual([]);
			const [found] = await asked('recommendations_found', { year, ...chosen });
			const listed = { year, ...chosen, sort: 'patient', descending: false, first: 0, rows: null };
			expect((await asked('recommendations', listed)).length).toBe(found!.recommendations);
			return Number(found!.recommendations);
		};
		expect(await open('counted')).toBe(wanted.denominator);
		expect(await open('in_time')).toBe(wanted.numerator);
		expect(await open('not_in_time')).toBe(wanted.denominator - wanted.numerator);
		const leftOut = [await open('under_60_days'), await open('no_medicine'), await open('not_documented')];
		expect(leftOut.reduce((sum, rows) => sum + rows, wanted.denominator)).toBe(line!.recommendations);
	}
});

test('what verified changes did to the cost of a medicine: as published, and each number opens to as many rows', async () => {
	const open = async (action: string | null, cost?: string) => {
		const actions = costs.flatMap((row) => row.action ?? []);
		const only = [
			'verified',
			'verified=yes',
			'action',
			...(action ? [action] : actions).map((one) => `action=${String(one)}`)
		];
		const { chosen, problems } = readRecommendationTable(new URLSearchParams(cost ? { cost } : {}), true);
		expect(problems).toEqual([]);
		const [found] = await asked('recommendations_found', { only, ...chosen });
		const rows = await asked('recommendations', {
			only,
			...chosen,
			sort: 'patient',
			descending: false,
			first: 0,
			rows: null
		});
		expect(rows.length).toBe(found!.recommendations);
		return { number: rows.length, rows };
	};
	const costs = await asked('drug_cost_groups');
	expect(costs.length).toBeGreaterThan(3);
	for (const row of costs) {
		const action = row.action === null ? null : String(row.action);
		const parts = ['no_fill_before', 'no_claim_after', 'no_price'];
		expect((await open(action)).number).toBe(row.recommendations);
		for (const part of ['compared', ...parts])
			expect([part, (await open(action, part)).number]).toEqual([part, row[part]]);
		expect(total([row], 'compared') + parts.reduce((sum, part) => sum + total([row], part), 0)).toBe(
			row.recommendations
		);
		for (const part of ['plan', 'patient'] as const) {
			const { number, rows } = await open(action, part);
			expect(number).toBe(row[`${part}_compared`]);
			if (number) expect(total(rows, `${part}_cents`) / number).toBeCloseTo(Number(row[`${part}_cents`]), 9);
		}
	}
	for (const part of ['plan', 'patient'] as const) {
		const all = await published(`drug_cost_change_${part}`);
		expect(all.denominator).toBe(costs[0]![`${part}_compared`]);
		expect(all.numerator / all.denominator).toBeCloseTo(Number(costs[0]![`${part}_cents`]), 9);
	}
	expect(costs[0]!.plan_compared).toBeGreaterThan(20);
});

test('each reason and each group of reviews opens to as many rows as it counts, with and without filters', async () => {
	const opened = async (more: Parameters<typeof asked>[1]) => {
		const found = await asked('reviewed_people', { first: 0, ...more });
		expect(found.every((row) => row.rows_in_all === found.length)).toBe(true);
		return found.length;
	};
	const [plan] = await asked('review_groups', { unit: 'plan' });
	const filters: { only?: string[]; never?: string[] }[] = [
		{},
		{ only: ['plan', `plan=${plan!.value}`] },
		{ never: [`plan=${plan!.value}`] },
		{ only: ['sex', 'sex=female'] }
	];
	for (const year of [2025, 2026])
		for (const filter of filters) {
			const within: Parameters<typeof asked>[1] = { year, ...filter };
			const reasons = await asked('review_left_out', { ...within, measure: 'cmr_completion' });
			expect(reasons.length).toBeGreaterThan(2);
			for (const { left_out_because: why, rows } of reasons) {
				const words = new URLSearchParams({ why: String(why ?? 'counted') });
				const { chosen, problems } = readReviewed(words, true);
				expect(problems).toEqual([]);
				expect([why, await opened({ ...within, ...chosen })]).toEqual([why, rows]);
			}
			for (const unit of Object.keys(reviewUnits))
				for (const { value, denominator, numerator } of await asked('review_groups', { ...within, unit })) {
					const group = { ...within, unit, value: value ?? null };
					expect([
						unit,
						value,
						await opened({ ...group, why: 'counted' }),
						await opened({ ...group, why: 'counted', completed: true })
					]).toEqual([unit, value, denominator, numerator]);
				}
		}
});

test('each rate, what became of those without a review and each month open to as many rows, with and without filters', async () => {
	const [plan] = await asked('review_groups', { unit: 'plan' });
	const [pharmacy] = await asked('review_groups', { unit: 'pharm' });
	const filters: { only?: string[]; never?: string[] }[] = [
		{},
		{ only: ['plan', `plan=${plan!.value}`] },
		{ never: [`plan=${plan!.value}`] },
		{ only: ['pharm', `pharm=${pharmacy!.value}`] }
	];
	let seen = 0;
	for (const year of [2025, 2026])
		for (const filter of filters) {
			const within: Parameters<typeof asked>[1] = { year, ...filter };
			const holds = async (words: Record<string, string>, count: unknown) => {
				const { chosen, isChosen, problems } = readReviewed(new URLSearchParams(words), true);
				expect([isChosen, problems]).toEqual([true, []]);
				const found = await asked('reviewed_people', { ...within, ...chosen, first: 0 });
				expect([words, found.length]).toEqual([words, Number(count)]);
				expect(found.every((row) => row.rows_in_all === found.length)).toBe(true);
				seen += Number(found.length > 0);
				return found;
			};
			const measured = await asked('review_measures', within);
			for (const rate of Object.keys(reviewMeasures)) {
				const line = measured.find((row) => row.measure === rate);
				const all = await holds({ rate }, line?.denominator ?? 0);
				expect(all.every((row) => row.evidence)).toBe(true);
				expect(new Set(all.map((row) => `${row.pid} ${row.contract_id} ${row.evidence}`)).size).toBe(all.length);
				const reached = await holds({ rate, reached: 'yes' }, line?.numerator ?? 0);
				await holds({ rate, reached: 'no' }, all.length - reached.length);
			}
			const [attempts] = await asked('review_attempts', within);
			for (const stands of Object.keys(openReviews)) await holds({ stands }, attempts![stands]);
			const path = reviewPath(
				measured.find((row) => row.measure === 'cmr_completion') as MtmMeasure | undefined,
				attempts as Attempts
			);
			await holds({ stage: 'offered' }, path.offered);
			await holds({ stage: 'reached' }, path.reached);
			await holds({ stage: 'not_reached' }, path.identified! - path.reached!);
			await holds({ stands: 'open' }, path.identified! - path.reviewed!);
			const months = (await asked('review_pace', within)).filter((row) => row.month !== 0);
			let running = 0;
			for (let month = 1; month <= 12; month++) {
				const held = months.find((row) => row.month === month)?.rows ?? 0;
				running += Number(held);
				await holds({ month: `${month}` }, held);
				await holds({ month: `1..${month}` }, running);
			}
		}
	expect(seen).toBeGreaterThan(100);
});

test('a session opens to its elements and medicines, a patient to sessions, conditions, medicines and recommendations', async () => {
	const [busy] = await rows<{ service_id: string; person_id: string; medicines: number }>(`
		select s.service_id, s.person_id, count(*)::integer as medicines
		from mtm_service s inner join mtm_medication m using (service_id)
		where s.service_type = 'cmr' and s.status = 'completed' group by all order by medicines desc, s.service_id limit 1`);
	const { service_id, person_id } = busy!;
	const [key] = await panel('patient_by_id', { patient_id: person_id });
	const patient_no = Number((await panel('patient_key', { pid: String(key!.pid) }))[0]!.patient_no);
	const elements = await panel('mtm_session_elements', { service_id });
	expect(elements.length).toBe(21);
	const documented = await rows<{ element: string }>(
		`select distinct element from mtm_service_element where service_id = '${service_id}'`
	);
	expect(elements.filter((row) => row.state !== 'missing').map((row) => row.element)).toEqual(
		expect.arrayContaining(documented.map((row) => row.element))
	);
	const medicines = await panel('mtm_session_medications', { service_id });
	expect(new Set(medicines.filter((row) => row.line !== null).map((row) => row.line)).size).toBe(busy!.medicines);
	expect(medicines.filter((row) => row.seen_in === 'both').length).toBeGreaterThan(0);
	const counted = async (view: string, column = 'patient_id') =>
		(await rows<{ n: number }>(`select count(*)::integer as n from ${view} where ${column} = '${person_id}'`))[0]!.n;
	const sessions = await panel('patient_sessions', { patient_no });
	expect(sessions.map((row) => row.service_id)).toContain(service_id);
	expect(sessions.length).toBe(await counted('mtm_service', 'person_id'));
	const number = sessions.find((row) => row.service_id === service_id)!.number;
	expect((await panel('session_key', { patient_no, number: Number(number) }))[0]!.service_id).toBe(service_id);
	expect((await panel('mtm_patient_conditions', { patient_no })).length).toBe(await counted('condition'));
	expect((await panel('mtm_patient_medications', { patient_no })).length).toBe(await counted('medication'));
	expect((await panel('patient_recommendations', { patient_no })).length).toBe(await counted('recommendation'));
});

test('coverage, side by side, follow-ups, opportunities, barriers and estimates add up to what was documented', async () => {
	const counted = async (sql: string) => (await rows<{ n: number }>(`select count(*)::integer as n from ${sql}`))[0]!.n;
	const of = { service_type: 'cmr' };
	const held = await counted(
		"mtm_service where service_type = 'cmr' and status = 'completed' and year(service_date) = 2025"
	);
	expect(held).toBeGreaterThan(30);
	const completeness = await published('session_completeness');
	const coverage = [
		...(await asked('session_coverage', of)),
		...(await asked('session_coverage', { service_type: 'tmr' })),
		...(await asked('session_coverage', { service_type: 'follow_up' }))
	];
	for (const row of coverage)
		expect(Number(row.yes) + Number(row.no) + Number(row.not_applicable) + Number(row.missing)).toBe(row.sessions);
	expect(total(coverage, 'yes')).toBe(completeness.numerator);
	expect(total(coverage, 'sessions') - total(coverage, 'not_applicable')).toBe(completeness.denominator);
	for (const unit of ['way', 'setting', 'provider']) {
		const groups = await asked('session_groups', { ...of, unit });
		expect([unit, total(groups, 'sessions')]).toEqual([unit, held]);
		expect(total(groups, 'numerator')).toBe(total(await asked('session_coverage', of), 'yes'));
	}
	const [lists] = await asked('session_lists', of);
	expect(lists!.medicines).toBe(Number(lists!.in_both) + Number(lists!.list_only) + Number(lists!.claims_only));
	const kept = await published('follow_up_kept');
	const [followUps] = await asked('follow_ups');
	expect(followUps!.promised).toBe(
		await counted("mtm_service where status = 'completed' and year(follow_up_due_date) = 2025")
	);
	expect([
		followUps!.kept,
		total([followUps!], 'kept') + total([followUps!], 'late') + total([followUps!], 'missed')
	]).toEqual([kept.numerator, kept.denominator]);
	const opportunities = await asked('opportunities');
	expect(total(opportunities, 'opened')).toBe(await counted('mtm_opportunity where year(opened_on) = 2025'));
	expect(total(opportunities, 'done')).toBe(
		await counted("mtm_opportunity where year(opened_on) = 2025 and status = 'completed'")
	);
	const made = 'recommendation where year(identified_date) = 2025';
	expect(total(await asked('barriers'), 'recommendations')).toBe(await counted(`${made} and barrier is not null`));
	const barriers = await asked('barriers');
	const told = barriers.map((row) => Number(row.followed));
	expect(total(barriers, 'followed')).toBeGreaterThan(5);
	for (const measure of ['barrier_adherent_before', 'barrier_adherent_after']) {
		const all = await published(measure);
		expect(all.denominator).toBe(told.reduce((sum, one) => sum + one, 0));
		expect(all.numerator).toBe(total(barriers, measure.slice('barrier_'.length)));
	}
	for (const barrier of new Set(barriers.map((row) => String(row.barrier)))) {
		const [opened] = await asked('recommendations_found', { only: ['barrier', `barrier=${barrier}`], open: null });
		expect([barrier, opened!.recommendations]).toEqual([
			barrier,
			total(
				barriers.filter((row) => row.barrier === barrier),
				'recommendations'
			)
		]);
	}
	for (const row of barriers)
		expect(
			[
				'followed',
				'around_open',
				'no_class',
				'not_to_go_on',
				'not_covered',
				'no_fill',
				'excluding_drug',
				'started_later'
			]
				.map((column) => Number(row[column]))
				.reduce((sum, one) => sum + one, 0)
		).toBe(row.accepted);
	const [money] = await rows<{ estimated: number }>(
		`select sum(estimated_cost_avoidance)::double as estimated from ${made} and accepted`
	);
	expect(total(await asked('severity_estimates'), 'estimated')).toBeCloseTo(money!.estimated, 2);
	const days = await asked('review_times');
	expect(total(days, 'reviews')).toBe((await published('cmr_completion')).numerator);
	const shares = days.map((row) => Number(row.share));
	expect(shares).toEqual([...shares].sort((a, b) => a - b));
});
