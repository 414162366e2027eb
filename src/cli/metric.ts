import type { Command } from 'commander';
import { cellCount, cellRate, hiddenNote, hides, withMarks, type Released } from '$lib/domain/hidden';
import { mtmKeys, readMtmFilter } from '$lib/domain/mtm_filter';
import { readPopulation, populationKeys } from '$lib/domain/population';
import { seesDays, type Scope } from '$lib/domain/scope';
import type { Measure } from '$lib/server/catalog';
import type { Home } from '$lib/server/home';
import { latestYear, type Run } from '$lib/server/door';
import { hidesSmallCells } from '$lib/server/release';
import { chosenTotal, rateIn, takesRecommendationFilters, yearTotals, type Total } from '$lib/server/total';
import { usage } from '$lib/server/trouble';
import { ask, measures } from '$lib/server/warehouse';
import { answeringHome, printJson, printTable, shellScope, withKept } from './terminal';

type Headline = Record<string, number | string | null> & Released;

/** Prints a measure outside the adherence family as measure_result has it. */
function printTotal(
	total: Total | undefined,
	measure: Measure,
	year: number,
	words: URLSearchParams,
	options: { explain?: boolean; json?: boolean }
): void {
	const rule = {
		meaning: measure.question,
		counts: measure.counts,
		denominator_rule: measure.denominator,
		numerator_rule: measure.numerator,
		left_out: measure.leftOut,
		source: measure.source,
		limits: measure.limits
	};
	const figure = total ?? {
		measure: measure.id,
		numerator: null,
		denominator: null,
		rate: null,
		lower: null,
		upper: null
	};
	if (options.json)
		return printJson({
			...figure,
			title: measure.title,
			period: String(year),
			year,
			risk_adjusted: false,
			filters: Object.fromEntries(words),
			...(options.explain ? { ...rule, sql: measure.sql } : {})
		});
	process.stdout.write(
		total
			? `${measure.title}, ${year} to ${total.as_of}: ${rateIn(total)} (${total.numerator} of ${total.denominator}), not risk-adjusted\n`
			: `${measure.title}, ${year}: not computable: nobody is in it, or too few to show\n`
	);
	if (options.explain)
		process.stdout.write(
			`\n${Object.entries(rule)
				.map(([key, words]) => `${key.replaceAll('_', ' ')}: ${words}`)
				.join('\n')}\n\n${measure.sql}\n`
		);
}

/** A measure outside the adherence family among those whom filters choose: only the shares of MTM, where no small count is hidden that they would tell. */
async function filteredTotal(
	home: Home,
	measure: Measure,
	year: number,
	words: URLSearchParams,
	asOf: string,
	scope: Scope
): Promise<Total | undefined> {
	if (measure.topic !== 'MTM' || measure.unit !== 'proportion')
		throw usage(
			`${measure.id} takes no filters. By plan, contract, pharmacy and prescriber: mtm query "select * from measure_result where measure = '${measure.id}'".`
		);
	if (hidesSmallCells(scope)) throw usage('At your level this number is of everybody together, without filters.');
	const about = takesRecommendationFilters(measure.id) ? 'recommendations' : 'reviews';
	const { population } = readPopulation(words);
	const { filter, problems } = readMtmFilter(words, population, about, seesDays(scope));
	if (about === 'reviews')
		for (const key of mtmKeys)
			if (words.has(key))
				problems.push({ key, value: words.get(key)!, why: `${measure.id} does not take the filter ${key}` });
	if (problems.length) throw usage(`${problems.map((problem) => problem.why).join('; ')}.`);
	return await chosenTotal(home, measure.id, year, filter, asOf, scope);
}

/** `mtm metric ID`: the same number as the screen, because it asks the same panel. */
export function register(program: Command): void {
	withKept(program.command('metric <id>'))
		.description('the same number as the screen')
		.option('--year <year>', 'measurement year; the latest computed when left out')
		.option(
			'--filter <key=value...>',
			`a filter of the address bar (${populationKeys.join(', ')}; for MTM ${mtmKeys.join(', ')}); may be repeated`
		)
		.option('--explain', 'with the meaning, who is left out and why, and the SQL')
		.option('--json', 'print one JSON value')
		.action(
			async (
				id: string,
				options: { year?: string; filter?: string[]; explain?: boolean; json?: boolean },
				command: Command
			) => {
				const home = await answeringHome(command);
				const scope = shellScope();
				const measure = (await measures(home, scope)).find((one) => one.id === id);
				if (!measure)
					throw usage(
						`There is no measure "${id}". There are: ${(await measures(home, scope)).map((one) => one.id).join(', ')}.`
					);
				const words = new URLSearchParams();
				const filterKeys: readonly string[] =
					measure.topic === 'MTM' ? [...populationKeys, ...mtmKeys] : populationKeys;
				for (const filter of options.filter ?? []) {
					const at = filter.indexOf('=');
					const key = filter.slice(0, at);
					if (at < 1 || !filterKeys.includes(key))
						throw usage(`"${filter}" is no filter. Write key=value with one of: ${filterKeys.join(', ')}.`);
					words.append(key, filter.slice(at + 1));
				}
				const { population, problems } = readPopulation(words);
				if (problems.length) throw usage(`${problems.map((problem) => problem.why).join('; ')}.`);
				const [run] = await ask<Run>(home, 'latest_run', {}, scope);
				if (options.year && !/^\d{4}$/.test(options.year))
					throw usage(`"${options.year}" is no year; write it as 2026.`);
				const year = options.year ? Number(options.year) : latestYear(run!);
				const isAdherence = measure.topic === 'Adherence';
				// Reviews, recommendations and hospital stays are events of any year; adherence is of the years that were folded.
				const total = isAdherence
					? undefined
					: (await yearTotals(home, year, scope)).find((one) => one.measure === measure.id);
				if (!run!.years.includes(year) && !total)
					throw usage(
						`${year} has not been computed. Computed are: ${run!.years.join(', ') || 'none'}. Run mtm refresh --year ${year}.`
					);
				if (!isAdherence) {
					const chosen = words.size ? await filteredTotal(home, measure, year, words, run!.as_of, scope) : total;
					return printTotal(chosen, measure, year, words, options);
				}
				const [row] = await ask<Headline>(home, 'headline', { measure: id, year, population }, scope);
				const attrition = options.explain
					? await ask(home, 'attrition', { measure: id, year, population }, scope)
					: undefined;
				const answer = {
					measure: id,
					title: measure.title,
					period: String(year),
					unit: measure.unit,
					risk_adjusted: false,
					...(row ?? {
						year,
						as_of: run!.as_of,
						patients: 0,
						denominator: 0,
						numerator: 0,
						rate: null,
						lower: null,
						upper: null
					}),
					filters: Object.fromEntries(words),
					...(options.explain
						? {
								meaning: measure.question,
								counts: measure.counts,
								denominator_rule: measure.denominator,
								numerator_rule: measure.numerator,
								left_out: measure.leftOut,
								source: measure.source,
								limits: measure.limits,
								attrition,
								sql: measure.sql
							}
						: {})
				};
				if (options.json) return printJson(answer);
				const percent = (value: unknown) =>
					typeof value === 'number' ? `${(value * 100).toFixed(1)}%` : 'not computable';
				const head = row ?? { denominator: 0, numerator: 0 };
				if (row && hides(row, 'numerator', 'denominator'))
					process.stdout.write(
						`${measure.title}, ${year} to ${row.as_of}: ${cellRate(row, 'numerator', 'denominator')} (${cellCount(row, 'numerator')} of ${cellCount(row, 'denominator')}). ${hiddenNote}\n`
					);
				else
					process.stdout.write(
						`${measure.title}, ${year} to ${row?.as_of ?? run!.as_of}: ${percent(row?.rate)} (${head.numerator} of ${head.denominator}${row?.rate != null ? `, 95% ${percent(row.lower)} to ${percent(row.upper)}` : ''}), not risk-adjusted\n`
					);
				if (options.explain) {
					process.stdout.write(
						`\n${measure.question}\nDenominator: ${measure.denominator}\nNumerator: ${measure.numerator}\nLeft out: ${measure.leftOut}\nSource: ${measure.source}\nLimits: ${measure.limits}\n\n`
					);
					printTable((attrition as Record<string, unknown>[]).map(withMarks));
					process.stdout.write(`\n${measure.sql}\n`);
				}
			}
		);
}
