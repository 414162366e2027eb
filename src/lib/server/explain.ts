import { createHash } from 'node:crypto';
import type { Answer } from '$lib/domain/answer';
import type { AttritionStep, EvidenceRow, Explained, ExplainedPatient, ExplainPart } from '$lib/domain/explained';
import type { Headline } from '$lib/domain/headline';
import { seesDays } from '$lib/domain/scope';
import { keptOptions } from '$lib/domain/kept';
import { sameCommand, sameNumber } from '$lib/domain/same_number';
import { answer, type Asked } from './door';
import { listSeen } from './seen';
import { panelNamed, ask, measures } from './warehouse';

/** Patients and claims shown on the screen; the complete list is a link away. */
const patientRows = 50;
const evidencePatients = 5;

/** What stands behind a rate, one part at a time: meaning, formula, population, patients, evidence (the last two only for who sees patients and days). Null when there is no such measure. */
export async function explain(
	question: Asked,
	id: string,
	wanted: ExplainPart,
	of: string | null
): Promise<Explained | null> {
	const { home, viewer, scope, run, old, year, population } = question;
	const measure = (await measures(home, scope)).find((one) => one.id === id);
	if (!measure) return null;
	const one = { measure: id, year, population };
	const persons = viewer.can('see_patients') && seesDays(scope);
	const part = persons || (wanted !== 'patients' && wanted !== 'evidence') ? wanted : 'meaning';
	const line = await answer(async () => (await ask<Headline>(home, 'headline', one, scope))[0] ?? null);
	const head = {
		id,
		year,
		asOf: run.as_of,
		title: measure.title,
		short: String(measure.facts.short_title ?? measure.title),
		question: measure.question,
		threshold: Number(measure.facts.threshold_percent ?? 80),
		drugs: String(measure.facts.drug_word ?? 'the class'),
		line,
		persons
	};
	if (part === 'meaning')
		return {
			...head,
			part,
			source: measure.source,
			limits: measure.limits,
			better: measure.better,
			counts: measure.counts
		};
	if (part === 'formula') {
		const rules = await answer(
			async () =>
				(await ask<{ stay_adjustment: boolean; source: string }>(home, 'year_rules', { year }, scope))[0] ?? null
		);
		return {
			...head,
			part,
			denominator: measure.denominator,
			numerator: measure.numerator,
			leftOut: measure.leftOut,
			facts: measure.facts,
			rules,
			version: run.version,
			hash: createHash('sha256').update(measure.sql).digest('hex').slice(0, 12),
			path: measure.path,
			sql: measure.sql,
			panel: panelNamed('headline').sql,
			query: sameNumber(id, year, population),
			command: sameCommand(id, year, population, old),
			options: keptOptions(old)
		};
	}
	if (part === 'population')
		return { ...head, part, steps: await answer(() => ask<AttritionStep>(home, 'attrition', one, scope)) };
	if (part === 'patients') {
		const rows = (counted: boolean): Promise<Answer<ExplainedPatient[]>> =>
			answer(() => ask<ExplainedPatient>(home, 'explain_patients', { ...one, counted, rows: patientRows }, scope));
		const [counted, leftOut] = await Promise.all([rows(true), rows(false)]);
		await listSeen(question, 'explanation', [...(counted.value ?? []), ...(leftOut.value ?? [])], { measure: id });
		return { ...head, part, counted, leftOut };
	}
	const chosen = await answer(async () => {
		const some = await ask<ExplainedPatient>(
			home,
			'explain_patients',
			{ ...one, counted: true, rows: evidencePatients },
			scope
		);
		const pid = of && /^[0-9a-z]{10}$/.test(of) ? of : some[0]?.pid;
		const person = pid
			? (await ask<{ patient_no: number; patient_id: string }>(home, 'patient_key', { pid }, scope))[0]
			: undefined;
		const fills = person
			? (await ask<EvidenceRow & { measure: string }>(home, 'patient_supply', { ...person, year }, scope)).filter(
					(row) => row.measure === id
				)
			: [];
		const rows = fills.map(
			({
				dispensed_on,
				ingredient,
				days_supply,
				counted_from,
				counted_to,
				claim_id,
				source_file,
				source_line,
				load_id
			}) => ({
				dispensed_on,
				ingredient,
				days_supply,
				counted_from,
				counted_to,
				claim_id,
				source_file,
				source_line,
				load_id
			})
		);
		await listSeen(question, 'evidence', [...some, ...(person ? [{ pid: pid! }] : [])], { measure: id });
		return { pid: person ? pid! : null, patients: some, rows };
	});
	return { ...head, part, chosen };
}
