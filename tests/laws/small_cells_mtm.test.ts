import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hospitalMeasures } from '$lib/domain/hospital_rate';
import { unlimited, type Limits } from '$lib/domain/scope';
import type { Home } from '$lib/server/home';
import { coarseUnits } from '../../src/routes/interventions/group';
import { demoHome, someLimits } from './scope_home';
import { emptyTold } from './small_cells_page';
import { foundOut, Sums } from './small_cells_sums';

// Whoever sees numbers only and opens every page of MTM and of hospital care, in every grouping, cannot work out a small count; neither
// can somebody limited to a pharmacy, a contract or a programme.

let home: Home;
let limits: Limits[];
beforeAll(async () => {
	home = await demoHome(1500, 4);
	const [pharmacy, , , contract, program] = await someLimits(home);
	limits = [unlimited, pharmacy!, contract!, program!];
}, 300_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

/** Every number of the page of interventions. */
async function interventions(sums: Sums, year: number): Promise<void> {
	const of = { year };
	await sums.read('acceptance', 'acceptance', of, []);
	const line = (column: string) => `acceptance row ${column}`;
	for (const unit of coarseUnits) {
		await sums.read(unit, 'acceptance_groups', { year, unit }, ['value']);
		for (const column of ['made', 'answered', 'accepted', 'declined', 'modified'])
			sums.same(line(column), `${unit} ${column}`);
		sums.add(line('verified_yes'), [`${unit} verified_yes`, `early verified_yes`]);
		sums.add(line('verified_no'), [`${unit} verified_no`, `early verified_no`]);
		sums.add(line('too_early'), [`${unit} too_early`, `early too_early`]);
		sums.add(line('not_checkable'), [`${unit} not_checkable`, `early not_checkable`]);
	}
	sums.add(line('accepted_ever'), [line('accepted'), 'early accepted']);
	await sums.read('declined', 'decline_reasons', of, ['decline_word']);
	sums.add('declined recommendations', [line('declined'), 'early declined']);
	const ages = await sums.read('open', 'unanswered', of, ['place']);
	const late = ages.filter((age) => age !== '1');
	for (const [column, part] of [
		['waiting', 'waiting'],
		['no_response', 'no_response']
	] as const)
		sums.add(
			line(column),
			late.map((age) => `open ${age} ${part}`)
		);
	if (ages.includes('1')) sums.add(line('under_30_days'), ['open 1 unanswered', 'early answered']);
	await sums.read('barrier', 'barriers', of, ['barrier', 'strategy_word']);
	sums.add(line('recommendations'), ['barrier recommendations', 'without a barrier']);
	sums.add(line('accepted_ever'), ['barrier accepted', 'accepted without a barrier']);
	for (const column of ['verified_yes', 'verified_no', 'too_early', 'not_checkable'])
		sums.add(line(column), [`barrier ${column}`, `${column} without a barrier`]);
	await sums.read('severity of accepted', 'severity_estimates', of, ['severity_level']);
	sums.same(line('accepted_ever'), 'severity of accepted recommendations');
	// Published figures count the same recommendations.
	const published = await sums.readPublished(year);
	const figure = (measure: string, numerator: string, denominator: string[]) => {
		if (!published.includes(measure)) return;
		sums.same(`published ${measure} numerator`, line(numerator));
		sums.add(`published ${measure} denominator`, denominator.map(line));
	};
	figure('acceptance_of_made', 'accepted', ['made']);
	figure('acceptance_of_answered', 'accepted', ['answered']);
	figure('acceptance_verified', 'verified_yes', ['verified_yes', 'verified_no']);
	for (const part of ['before', 'after'])
		if (published.includes(`barrier_adherent_${part}`)) {
			sums.same(`published barrier_adherent_${part} numerator`, `barrier adherent_${part}`);
			sums.same(`published barrier_adherent_${part} denominator`, 'barrier followed');
		}
	if (published.includes('problems_resolved_within_60_days'))
		sums.add(line('recommendations'), [
			'published problems_resolved_within_60_days denominator',
			'left out of resolution'
		]);
}

/** Every number of the page of reviews. */
async function reviews(sums: Sums, year: number): Promise<void> {
	const measures = await sums.read('measure', 'review_measures', { year }, ['measure']);
	const published = await sums.readPublished(year);
	for (const measure of measures.filter((one) => published.includes(one)))
		for (const column of ['numerator', 'denominator'])
			sums.same(`measure ${measure} ${column}`, `published ${measure} ${column}`);
	const cmr = (column: string) => `measure cmr_completion ${column}`;
	const reasons = await sums.read('left out', 'review_left_out', { year, measure: 'cmr_completion' }, [
		'left_out_because'
	]);
	if (reasons.includes('null')) sums.same(cmr('denominator'), 'left out null rows');
	for (const unit of ['plan', 'contract', 'pharm', 'delivery', 'setting', 'provider', 'recipient']) {
		await sums.read(`review ${unit}`, 'review_groups', { year, unit }, ['value']);
		if (['plan', 'contract', 'pharm'].includes(unit)) sums.same(cmr('denominator'), `review ${unit} denominator`);
		sums.same(cmr('numerator'), `review ${unit} numerator`);
		await sums.read(`tried ${unit}`, 'review_tries', { year, unit }, ['value']);
		for (const column of ['tries', 'completed', 'refused', 'unable_to_reach', 'no_show'])
			if (unit !== 'plan') sums.same(`tried plan ${column}`, `tried ${unit} ${column}`);
	}
	const months = await sums.read('month', 'review_pace', { year }, ['month']);
	sums.same(cmr('denominator'), 'month rows');
	sums.add(
		cmr('numerator'),
		months.filter((month) => month !== '0').map((month) => `month ${month} rows`)
	);
	await sums.read('attempts', 'review_attempts', { year }, []);
	await sums.read('due', 'reviews_due_found', { year }, []);
	sums.same(cmr('~others'), 'attempts row open');
	if (months.includes('0')) {
		sums.same('attempts row open', 'month 0 rows');
		sums.same('month 0 can_still', 'due row rows');
	}
}

/** Every number of the page of sessions. */
async function sessions(sums: Sums, year: number): Promise<void> {
	for (const service_type of ['cmr', 'tmr', 'follow_up']) {
		const of = { year, service_type };
		const elements = await sums.read(`${service_type} element`, 'session_coverage', of, ['element']);
		for (const unit of ['way', 'setting', 'provider']) {
			const name = `${service_type} by ${unit}`;
			await sums.read(name, 'session_groups', { ...of, unit }, ['value']);
			for (const column of ['sessions', 'denominator', 'numerator', 'with_recommendation'])
				if (unit !== 'way') sums.same(`${service_type} by way ${column}`, `${name} ${column}`);
		}
		const whole = `${service_type} by way`;
		if (!elements.length) continue;
		const each = (column: string) => elements.map((element) => `${service_type} element ${element} ${column}`);
		sums.add(`${whole} numerator`, each('yes'));
		sums.add(`${whole} denominator`, [...each('yes'), ...each('no'), ...each('missing')]);
		for (const element of elements)
			sums.add(`${whole} sessions`, [
				`${service_type} element ${element} sessions`,
				`${service_type} without ${element}`
			]);
		await sums.read(`${service_type} lists`, 'session_lists', of, []);
	}
	await sums.read('promised', 'follow_ups', { year }, []);
	const problems = await sums.read('opportunity', 'opportunities', { year }, ['problem']);
	const programmes = await sums.read('programme', 'program_completeness', { year }, ['program', 'service_type']);
	const published = await sums.readPublished(year);
	const figure = (measure: string, numerator: string[], rest: string[]) => {
		if (!published.includes(measure)) return;
		sums.add(`published ${measure} numerator`, numerator);
		sums.add(`published ${measure} denominator`, [...numerator, ...rest]);
	};
	figure('follow_up_kept', ['promised row kept'], ['promised row late', 'promised row missed']);
	const opportunities = (state: string) => problems.map((problem) => `opportunity ${problem} ${state}`);
	figure('opportunities_done', opportunities('done'), opportunities('expired'));
	if (published.includes('session_completeness'))
		for (const [column, part] of [
			['numerator', 'documented'],
			['denominator', 'required']
		])
			sums.add(
				`published session_completeness ${column}`,
				programmes.map((key) => `programme ${key} ${part}`)
			);
	for (const kind of ['cmr', 'tmr', 'follow_up'])
		if (sums.told.truth.has(`programme ${kind} required`)) {
			sums.same(`programme ${kind} required`, `${kind} by way denominator`);
			sums.same(`programme ${kind} documented`, `${kind} by way numerator`);
		}
}

/** Every number of the pages of problems and of who belongs. */
async function belonging(sums: Sums, year: number): Promise<void> {
	await sums.read('standing', 'eligibility_standing', {}, ['program', 'standing', 'standing_because']);
	for (const unit of ['language', 'dual', 'race', 'area']) {
		await sums.read(unit, 'mtm_reach', { year, unit }, ['value']);
		for (const column of ['eligible', 'enrolled', 'counted', 'reviewed'])
			if (unit !== 'language') sums.same(`language ${column}`, `${unit} ${column}`);
	}
	const eligible = [...sums.told.truth.keys()].filter((name) => /^standing \S+ eligible_\S+ \S+ patients$/.test(name));
	// Who is eligible is known of the as-of day's year alone.
	if (year === 2026) sums.add('language eligible', eligible);
	const lists = await sums.read('list', 'problem_yield', { dismissed: [] }, ['list']);
	await sums.read('unlisted', 'problem_unlisted', {}, ['problem']);
	await sums.read('reached', 'patients_with_reasons_found', { dismissed: [] }, []);
	for (const list of lists) {
		await sums.read(`reached ${list}`, 'patients_with_reasons_found', { lists: [list], dismissed: [] }, []);
		sums.same(`list ${list} patients`, `reached ${list} row patients`);
	}
}

/** Of this rate who sees numbers only is told nothing: its denominator is the numerator of discharge_without_fills, which may be hidden. */
const untold = 'hospital_after_no_fill';

/** The measures whose stays are told step by step, and what of the rate the last step leaves. */
const stepped = {
	readmission_30_days: 'denominator',
	discharge_without_fills: 'denominator',
	avoidable_admissions: 'numerator'
};

/** The steps to a rate: what the last leaves is of the rate; avoidable admissions begin with those admitted while covered. */
async function steps(sums: Sums, measure: string, at: number, ends: string): Promise<void> {
	const name = `step ${at} ${measure}`;
	const reasons = await sums.read(name, 'stay_steps', { measure, year: at }, ['excluded_because'], 'not_covered');
	sums.same(`rate ${at} ${measure} ${ends}`, `${name} ${reasons.at(-1)} remaining`);
	if (measure === 'avoidable_admissions')
		sums.same(`rate ${at} hospital_admissions numerator`, `${name} null remaining`);
}

/** Every number of the pages of hospital care. */
async function outcomes(sums: Sums, year: number): Promise<void> {
	for (const at of [year, year - 1]) {
		await sums.read(`rate ${at}`, 'hospital_rates', { year: at, dimension: 'all', value: 'all' }, ['measure'], untold);
		for (const [measure, ends] of Object.entries(stepped)) await steps(sums, measure, at, ends);
	}
	for (const { id, chart } of hospitalMeasures.filter((measure) => measure.id !== untold)) {
		await sums.read(id, 'hospital_months', { measure: id, dimension: 'all', value: 'all' }, ['period']);
		for (const at of [year, year - 1])
			for (const column of ['numerator', 'denominator'])
				if (sums.told.truth.has(`${id} ${at} ${column}`) && sums.told.truth.has(`rate ${at} ${id} ${column}`))
					sums.same(`rate ${at} ${id} ${column}`, `${id} ${at} ${column}`);
		if (chart === 'mean') continue;
		for (const at of [year, year - 1])
			for (const unit of ['pharm', 'plan', 'contract']) {
				const name = `${id} ${unit} ${at}`;
				await sums.read(name, 'hospital_units', { measure: id, year: at, unit }, ['value']);
				for (const column of ['numerator', 'denominator'])
					if (sums.told.truth.has(`${name} ${column}`) && sums.told.truth.has(`rate ${at} ${id} ${column}`))
						sums.same(`rate ${at} ${id} ${column}`, `${name} ${column}`);
			}
	}
	const rest = (name: string) => {
		for (const line of [...sums.told.truth.keys()].filter(
			(key) => key.startsWith(name) && key.endsWith(' denominator')
		)) {
			const at = line.slice(0, -' denominator'.length);
			sums.add(line, [`${at} numerator`, `${at} rest`]);
		}
	};
	for (const { id } of hospitalMeasures.filter((measure) => measure.chart === 'p' && measure.id !== untold))
		for (const name of [id, `rate ${year} ${id}`, `rate ${year - 1} ${id}`]) rest(name);
	for (const measure of ['emergency_visits', 'hospital_admissions'])
		await sums.read(`around ${measure}`, 'around_review', { measure }, ['arm', 'months_away']);
}

const pages = { interventions, reviews, sessions, belonging, outcomes };

test.each(Object.entries(pages))(
	'%s',
	async (_, read) => {
		const all: string[] = [];
		let [shown, hidden] = [0, 0];
		for (const [at, limit] of limits.entries())
			for (const year of read === outcomes ? [2026] : [2026, 2025]) {
				// Rates of hospital care are many, and made again for each limit.
				if (read === outcomes && at > 1) continue;
				const sums = new Sums(home, limit, emptyTold());
				await read(sums, year);
				all.push(...foundOut(sums.told).map((one) => `${JSON.stringify(limit)} ${year}: ${one}`));
				shown += sums.told.shown;
				hidden += sums.told.hidden;
			}
		expect(all).toEqual([]);
		expect(shown).toBeGreaterThan(20);
		expect(hidden).toBeGreaterThan(5);
	},
	600_000
);
