import { becauseWords, programs, standings, type StandingRow } from '$lib/domain/eligibility';
import { cellCount, cellRate, hiddenNote, hides } from '$lib/domain/hidden';
import { languageName } from '$lib/domain/language';
import type { Acceptance } from '$lib/domain/recommendation';
import { levelWords, limitKeys, type Scope } from '$lib/domain/scope';
import { count, day, decimal, percent } from '$lib/domain/wording';
import type { Home } from './home';
import { hidesSmallCells } from './release';
import { rateIn, yearTotals } from './total';
import { ask, measures } from './warehouse';

/** What the report says of itself beside its numbers. */
export type ReportHead = { year: number; asOf: string; by: string; demo: boolean };

type ReachRow = { value: string | null; eligible: number; enrolled: number; counted: number; reviewed: number };

const escaped = (text: unknown) =>
	String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** A table of texts; every column but the first `words` holds numbers. Nothing in it reads as a row that says so. */
function table(caption: string, heads: string[], rows: string[][], words = 1): string {
	const kind = (at: number) => (at < words ? '' : ' class="n"');
	const body = rows.length
		? rows
				.map((cells) => `<tr>${cells.map((cell, at) => `<td${kind(at)}>${escaped(cell)}</td>`).join('')}</tr>`)
				.join('')
		: `<tr><td colspan="${heads.length}">Nobody.</td></tr>`;
	return `<table><caption>${escaped(caption)}</caption><thead><tr>${heads
		.map((head, at) => `<th scope="col"${kind(at)}>${escaped(head)}</th>`)
		.join('')}</tr></thead><tbody>${body}</tbody></table>`;
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#14202b;background:#fff}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}table{border-collapse:collapse;width:100%;margin:.75rem 0}
tr,p{break-inside:avoid}h1,h2,caption,thead{break-after:avoid}
caption{text-align:left;font-weight:600;padding:.25rem 0}th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #c9d3dc;vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums}.small{color:#4b5b69;font-size:.875rem}@media print{html{font-size:11px}body{margin:0;max-width:none;font-size:1rem}.n{white-space:nowrap}}`;

/** The foot of every sheet of paper; the words come from the program alone. */
const foot = (words: string) =>
	`@page{margin:14mm 14mm 18mm;@bottom-left{content:'${words}';font:8px system-ui,sans-serif;color:#4b5b69}@bottom-right{content:'Page ' counter(page) ' of ' counter(pages);font:8px system-ui,sans-serif;color:#4b5b69;white-space:nowrap}}`;

async function belongs(home: Home, scope: Scope): Promise<string> {
	const rows = await ask<StandingRow>(home, 'eligibility_standing', { only: null, never: null }, scope);
	return table(
		'Who belongs in MTM on the as-of day, and who is enrolled',
		['Standing', 'Programme', 'Why', 'People'],
		rows.map((row) => [
			standings[row.standing],
			programs[row.program as keyof typeof programs] ?? row.program,
			becauseWords(row.standing_because),
			cellCount(row, 'patients')
		]),
		3
	);
}

async function accepted(home: Home, year: number, scope: Scope): Promise<string> {
	const [line] = await ask<Acceptance>(home, 'acceptance', { year, only: null, never: null }, scope);
	if (!line || line.recommendations === 0) return '<p>No recommendation was identified in the year.</p>';
	const shown = (numerator: keyof Acceptance & string, denominator: keyof Acceptance & string) => [
		cellRate(line, numerator, denominator),
		cellCount(line, numerator),
		cellCount(line, denominator)
	];
	const known = hides(line, 'verified_yes', 'verified_no')
		? ['hidden', 'hidden', 'hidden']
		: [
				percent(
					line.verified_yes! + line.verified_no! ? line.verified_yes! / (line.verified_yes! + line.verified_no!) : null
				),
				count(line.verified_yes),
				count(line.verified_yes! + line.verified_no!)
			];
	return (
		table(
			'Acceptance, three ways that are never mixed',
			['Recommendations', 'Share', 'Accepted', 'Of'],
			[
				['Of all made: 30 days old or older; no answer counts as not accepted', ...shown('accepted', 'made')],
				['Of those answered', ...shown('accepted', 'answered')],
				['Accepted and seen in claims, of those that claims can show and whose time is over', ...known]
			]
		) +
		`<p class="small">Not in these: ${cellCount(line, 'under_30_days')} younger than 30 days, ${cellCount(line, 'unable_to_reach')} unable to reach, ${cellCount(line, 'withdrawn')} withdrawn. Of the accepted, ${cellCount(line, 'modified')} were modified.</p>`
	);
}

async function totals(home: Home, year: number, scope: Scope): Promise<string> {
	const [all, found] = await Promise.all([measures(home, scope), yearTotals(home, year, scope)]);
	const known = all.filter((measure) => !measure.id.endsWith('_pharmacy_view'));
	return [...new Set(known.map((measure) => measure.topic))]
		.map((topic) =>
			table(
				topic,
				['Measure', 'Result', '95% interval', 'Numerator', 'Denominator'],
				known
					.filter((measure) => measure.topic === topic)
					.map((measure) => {
						const total = found.find((one) => one.measure === measure.id);
						if (!total) return [measure.title, 'not computable', '', '', ''];
						const end = (rate: number | null) =>
							total.unit === 'proportion' ? rateIn({ rate, unit: total.unit }) : decimal(rate);
						return [
							measure.title,
							rateIn(total),
							total.lower === null ? '' : `${end(total.lower)} to ${end(total.upper)}`,
							count(total.numerator),
							count(total.denominator)
						];
					})
			)
		)
		.join('');
}

/** Who belongs is known of the as-of day alone, by the criteria of its year. */
const otherYear = (year: number, asOf: string) =>
	`not computable for ${Number(year)}: it is computed for the as-of day, ${day(asOf)}. Results of the last day of ${Number(year)}, kept beside these (mtm refresh --as-of ${Number(year)}-12-31 --keep), tell it`;

async function reached(home: Home, year: number, asOf: string, scope: Scope): Promise<string> {
	const isOfYear = asOf.startsWith(`${year}-`);
	const units = { language: 'Language', dual: 'Medicare and Medicaid', race: 'Race', area: 'Rural or urban' } as const;
	const parts = await Promise.all(
		Object.entries(units).map(async ([unit, title]) => {
			const rows = await ask<ReachRow>(home, 'mtm_reach', { year, unit }, scope);
			if (!rows.some((row) => row.value !== null))
				return `<p><b>${title}</b>: not computable: the roster does not say${unit === 'area' ? ', or no ZIP code of it is known' : ''}.</p>`;
			return table(
				title,
				['Group', 'Eligible', 'Enrolled', 'Counted for the review', 'Reviewed', 'Share'],
				rows.map((row) => [
					row.value === null ? 'not said' : unit === 'language' ? languageName(row.value) : row.value,
					isOfYear ? cellCount(row, 'eligible') : 'not computable',
					...(['enrolled', 'counted', 'reviewed'] as const).map((column) => cellCount(row, column)),
					cellRate(row, 'reviewed', 'counted')
				])
			);
		})
	);
	return parts.join('');
}

/**
 * The programme summary of a year as one printable HTML document without scripts or remote content: who belongs, acceptance, every measure of adherence,
 * MTM and hospital stays, and who is reached. Every number is that of the screens, as the scope's level shows it.
 */
export async function programmeReport(home: Home, head: ReportHead, scope: Scope): Promise<string> {
	const { year, asOf, by, demo } = head;
	const [standing, acceptance, results, reach] = await Promise.all([
		asOf.startsWith(`${year}-`) ? belongs(home, scope) : `<p>Who belongs is ${escaped(otherYear(year, asOf))}.</p>`,
		accepted(home, year, scope),
		totals(home, year, scope),
		reached(home, year, asOf, scope)
	]);
	const limits = limitKeys.filter((key) => scope.limits[key] !== null);
	const sheet = `MTM programme summary ${Number(year)} · data through ${day(asOf)} · ${levelWords[scope.phi]}${demo ? ' · demo data, synthetic' : ''} · confidential`;
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>MTM programme summary ${year}</title><style>${style}${foot(sheet)}</style></head><body>
<h1>MTM programme summary ${year}</h1>
<p>Data through ${escaped(day(asOf))}. Made by ${escaped(by)}. Limited to: ${escaped(limits.map((key) => `${key} ${scope.limits[key]!.join(', ')}`).join('; ') || 'nothing, everybody')}. Level: ${levelWords[scope.phi]}.</p>
${demo ? '<p><b>Demo data, synthetic. No real person is in it.</b></p>' : ''}
<h2>Who belongs</h2>${standing}
<h2>Recommendations</h2>${acceptance}
<h2>Results of the year</h2>${results}
<p class="small">Observed, not risk-adjusted, and no certified PQA or CMS rates. What a medicine costs a day is that medicine alone, from claims; it is not added to the pharmacists' own estimates of avoided cost, which stand on the page of recommendations. Not computable: nobody is in the measure, its data are not loaded, or too few people to show.</p>
<h2>Who is reached, and who is not</h2>
<p>People ${asOf.startsWith(`${year}-`) ? 'with pharmacy coverage on the as-of day or ' : ''}enrolled in ${year}, by what the roster says of them; in the order of names.</p>${reach}
${
	hidesSmallCells(scope)
		? `<p class="small">${escaped(hiddenNote)}</p>
`
		: ''
}</body></html>
`;
}
