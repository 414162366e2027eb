import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { cases, compared, rowsOf } from '../cases/table';

/** A usual mistake, as a change of one place in our own code, and a worked case that it must break. */
interface Mistake {
	mistake: string;
	file: string;
	from: string;
	to: string;
	breaks: string;
}

const fold = 'src/lib/domain/fold.ts';
const batch = 'src/lib/server/build/folding.ts';
const years = 'src/lib/server/build/adherence.ts';
const reads = 'src/lib/server/build/patient_range.ts';
const fact = 'sql/facts/adherence_fact.sql';

const mistakes: Mistake[] = [
	{
		mistake: 'compares an early refill with the fill before it only, unshifted (one-step lag)',
		file: fold,
		from: 'nextFree[which] = next',
		to: 'nextFree[which] = day[i]! + days[i]!',
		breaks: 'R8 a chain of three early refills'
	},
	{
		mistake: 'moves no early refill',
		file: fold,
		from: 'const start = day[i]! > free ? day[i]! : free',
		to: 'const start = day[i]!',
		breaks: 'CMS-L-OVL-2'
	},
	{
		mistake: 'moves early refills of any drug of the class',
		file: batch,
		from: 'group.add(day, days, ingredient)',
		to: 'group.add(day, days, 1)',
		breaks: 'R9 a switch overlaps'
	},
	{
		mistake: 'groups fills by NDC, so that another strength or combination breaks the chain',
		file: batch,
		from: 'group.add(day, days, ingredient)',
		to: 'group.add(day, days, ndc % 127)',
		breaks: 'CMS-L-OVL-2'
	},
	{
		mistake: 'takes hydrochlorothiazide for a target',
		file: 'sql/facts/ndc_class.sql',
		from: 'union all\nselect ndc_code, measure, ingredient, role, valid_from, valid_to\nfrom every',
		to: `union all
select ndc_code, 'pdc_rasa', 'hydrochlorothiazide', 'target', null, null
from drug where list_contains(ingredients, 'hydrochlorothiazide')
union all\nselect ndc_code, measure, ingredient, role, valid_from, valid_to\nfrom every`,
		breaks: 'R10 partners never shift: hydrochlorothiazide'
	},
	{
		mistake: "sums days' supply and subtracts by formula instead of laying spans",
		file: fold,
		from: 'coveredDays: daysWithin(covered, period.index, through)',
		to: 'coveredDays: Math.min(spanDays(period.index, through), fold.supply.to.slice(0, fold.supply.count).reduce((sum, to, i) => sum + to - fold.supply.from[i]! + 1, 0))',
		breaks: 'R9 a switch overlaps'
	},
	{
		mistake: 'leaves out the last day of a span',
		file: fold,
		from: 'Math.max(spans.from[i]!, from) + 1;',
		to: 'Math.max(spans.from[i]!, from);',
		breaks: 'R13 exactly 80 percent'
	},
	{
		mistake: 'asks for more than 80 percent',
		file: fold,
		from: 'const secured = count.coveredToEnd * 100 >= thresholdPercent * count.periodDays',
		to: 'const secured = count.coveredToEnd * 100 > thresholdPercent * count.periodDays',
		breaks: 'R13 exactly 80 percent'
	},
	{
		mistake: 'rounds the PDC to whole percent before the test',
		file: batch,
		from: 'count.coveredDays * 100 >= rule.threshold * count.elapsedDays',
		to: 'Math.round((count.coveredDays * 100) / count.elapsedDays) >= rule.threshold',
		breaks: 'R13 291 of 365 days'
	},
	{
		mistake: 'keeps the day of discharge',
		file: fold,
		from: 'addSpan(cut, Math.max(spans.from[i]!, from), Math.min(spans.to[i]!, to))',
		to: 'addSpan(cut, Math.max(spans.from[i]!, from), Math.min(spans.to[i]! - 1, to))',
		breaks: 'The day of discharge is out too'
	},
	{
		mistake: 'takes stay days out without moving their supply',
		file: fold,
		from: 'if (covered) carried++',
		to: 'if (covered) carried += 0',
		breaks: 'CMS-L-STAY-4'
	},
	{
		mistake: 'moves a day for each uncovered stay day too',
		file: fold,
		from: 'if (covered) carried++',
		to: 'carried++',
		breaks: 'Uncovered stay days push nothing'
	},
	{
		mistake: 'counts Part B inpatient bills as stays',
		file: 'sql/facts/stay_span.sql',
		from: "where bill_type[1:2] in ('11', '18', '21')",
		to: "where bill_type[1:2] in ('11', '12', '18', '21')",
		breaks: 'Part B inpatient'
	},
	{
		mistake: 'takes stays out in 2026 as well',
		file: years,
		from: 'adjust: setting?.stay_adjustment ?? true',
		to: 'adjust: true',
		breaks: '2026 the main result'
	},
	{
		mistake: 'asks for 92 days',
		file: fact,
		from: 'calendar_days < limits.period_days then',
		to: 'calendar_days <= limits.period_days then',
		breaks: 'R4 91 days'
	},
	{
		mistake: 'asks for 90 days',
		file: fact,
		from: 'calendar_days < limits.period_days then',
		to: 'calendar_days < limits.period_days - 1 then',
		breaks: 'R4 90 days'
	},
	{
		mistake: 'tests the 91 days after stay days are gone',
		file: fact,
		from: 'when fold.calendar_days < limits.period_days then',
		to: 'when fold.period_days < limits.period_days then',
		breaks: 'R4 the 91 days are tested before'
	},
	{
		mistake: 'counts two fills of one day as two dates',
		file: fact,
		from: 'when fold.fill_days < limits.fill_dates then',
		to: 'when fold.fills < limits.fill_dates then',
		breaks: 'R5 two fills on one day'
	},
	{
		mistake: "takes the age at the year's end",
		file: fact,
		from: 'make_date(fold.year - rule.min_age, limits.age_month, limits.age_day)',
		to: 'make_date(fold.year - rule.min_age, 12, 31)',
		breaks: 'R1 eighteen on 2 January'
	},
	{
		mistake: 'asks for eighteen before 1 January',
		file: fact,
		from: 'patient.birth_date > make_date',
		to: 'patient.birth_date >= make_date',
		breaks: 'R1 eighteen on 1 January'
	},
	{
		mistake: 'takes a change of plan for a gap',
		file: 'sql/facts/enrollment_span.sql',
		from: 'count(*) filter (where reached_on is null or from_on > reached_on + 1)',
		to: 'count(*) filter (where reached_on is null or from_on > reached_on)',
		breaks: 'R6 a change of plan is no gap'
	},
	{
		mistake: 'forgives a gap of one day',
		file: 'sql/facts/enrollment_span.sql',
		from: 'count(*) filter (where reached_on is null or from_on > reached_on + 1)',
		to: 'count(*) filter (where reached_on is null or from_on > reached_on + 2)',
		breaks: 'R6 a gap of one day'
	},
	{
		mistake: 'leaves the last day of enrolment uncovered',
		file: 'sql/facts/fill.sql',
		from: 'between enrollment_span.from_on and enrollment_span.to_on',
		to: 'between enrollment_span.from_on + 1 and enrollment_span.to_on',
		breaks: 'R2 the first fill on 1 January'
	},
	{
		mistake: 'counts fills outside enrolment',
		file: batch,
		from: 'const isEnrolled = (low & 0x20000000) !== 0',
		to: 'const isEnrolled = true',
		breaks: 'Fills outside enrolment do not count'
	},
	{
		mistake: 'ends every period on 31 December',
		file: batch,
		from: 'last = Math.min(spans.to[i]!, year.last)',
		to: 'last = year.last',
		breaks: 'R3 the period ends with enrolment'
	},
	{
		mistake: 'lets insulin at any time of the year exclude',
		file: batch,
		from: 'group.lastExclusion >= index ? flag.exclusion : 0',
		to: 'group.lastExclusion > UNKNOWN ? flag.exclusion : 0',
		breaks: 'R16 insulin the day before the index'
	},
	{
		mistake: 'counts enhanced and over-the-counter drugs',
		file: reads,
		from: "not in ('E', 'O')",
		to: "not in ('X')",
		breaks: 'R19 enhanced'
	},
	{
		mistake: 'leaves the year out of the hospice test',
		file: fact,
		from: 'on fold.patient_no = exclusion_year.patient_no and fold.year = exclusion_year.year',
		to: 'on fold.patient_no = exclusion_year.patient_no',
		breaks: 'R15 hospice the year before'
	},
	{
		mistake: 'counts days late on past the end of the period',
		file: fold,
		from: 'const daysLate = Math.max(0, through - runsOutOn)',
		to: 'const daysLate = Math.max(0, period.asOf - runsOutOn)',
		breaks: "Days late stop at the period's end"
	},
	{
		mistake: 'lets the last useful fill be a day that is already over',
		file: fold,
		from: 'Math.max(runsOutOn, period.asOf) + 1 + allowable',
		to: 'runsOutOn + 1 + allowable',
		breaks: 'Overdue: ran out 1 September'
	},
	{
		mistake: 'calls 7 allowable days no last chance',
		file: fold,
		from: 'allowable <= notice.lastChanceDays',
		to: 'allowable < notice.lastChanceDays',
		breaks: 'Last chance at exactly 7'
	},
	{
		mistake: 'cuts the run-out day at the end of the period',
		file: fold,
		from: 'runsOutOn: covered.count > 0 ? covered.to[covered.count - 1]! : null',
		to: 'runsOutOn: covered.count > 0 ? Math.min(period.end, covered.to[covered.count - 1]!) : null',
		breaks: 'R11 a fill of which no day is left'
	},
	{
		mistake: 'says somebody with one fill may still qualify when the year is too short for it',
		file: fact,
		from: "named.excluded_because = 'one_fill_date' and named.calendar_days >= named.least_period_days",
		to: "named.excluded_because = 'one_fill_date'",
		breaks: 'R5 one fill so late'
	},
	{
		mistake: 'covers a day with one antiretroviral',
		file: batch,
		from: 'rule.minIngredients, this.fold',
		to: '1, this.fold',
		breaks: 'Antiretrovirals need two on hand'
	},
	{
		mistake: 'knows fills made after the as-of day',
		file: 'sql/facts/fill.sql',
		from: 'pharmacy_claim.dispensing_date <= (select as_of from run)',
		to: "pharmacy_claim.dispensing_date <= date '9999-12-31'",
		breaks: 'Fills after the as-of day are not known'
	}
];

/** How the code names one of its modules. */
const moduleOf = (path: string) => path.replace('src/lib', '$lib').replace('.ts', '');

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(import.meta.dirname, '.scratch-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
afterEach(() => {
	vi.resetModules();
	for (const module of ['$lib/server/sql', ...[fold, batch, years, reads].map(moduleOf)]) vi.doUnmock(module);
});

/** Puts texts in the place of some of our files, for whatever is imported next. */
function put(texts: Map<string, string>, at: string): void {
	vi.resetModules();
	for (const [file, text] of texts) if (!file.endsWith('.sql')) putModule(file, text, at);
	if ([...texts.keys()].some((file) => file.endsWith('.sql')))
		vi.doMock('$lib/server/sql', async (original) => {
			const own = await original<typeof import('$lib/server/sql')>();
			const changed = (each: import('$lib/server/sql').SqlFile) => ({
				...each,
				text: texts.get(each.path) ?? each.text
			});
			return {
				...own,
				sqlFiles: (folder: string) => own.sqlFiles(folder).map(changed),
				sqlFile: (folder: string, name: string) => changed(own.sqlFile(folder, name))
			};
		});
}

function putModule(file: string, text: string, at: string): void {
	const changed = join(scratch, `${at}-${file.replaceAll('/', '-')}`);
	const folder = moduleOf(dirname(file));
	writeFileSync(
		changed,
		text.replaceAll(/'\.\/(\w+)'/g, `'${folder}/$1'`).replaceAll(/'\.\.\/(\w+)'/g, `'${dirname(folder)}/$1'`)
	);
	vi.doMock(moduleOf(file), () => import(/* @vite-ignore */ changed));
}

describe('a usual mistake breaks a worked case', () => {
	test.each(mistakes.map((each, at) => ({ ...each, at })))('$mistake', async ({ file, from, to, breaks, at }) => {
		const text = readFileSync(join(root, file), 'utf8');
		expect(text.split(from).length, `${file} has "${from}" once`).toBe(2);
		const broken = cases.filter((one) => one.name.startsWith(breaks));
		expect(broken.length, `a case named "${breaks}"`).toBeGreaterThan(0);
		put(new Map([[file, text.replace(from, () => to)]]), `mistake-${at}`);
		const rows = await rowsOf(broken.slice(0, 1));
		const { wanted, got } = compared(broken[0]!, rows);
		expect(got).not.toEqual(wanted);
	});
});

test('the same files put in place unchanged break nothing', async () => {
	put(new Map(mistakes.map(({ file }) => [file, readFileSync(join(root, file), 'utf8')])), 'unchanged');
	const rows = await rowsOf(cases.filter((each) => each.asOf === '2025-12-31'));
	let seen = 0;
	for (const { breaks } of mistakes) {
		const one = cases.find((each) => each.name.startsWith(breaks))!;
		if (one.asOf !== '2025-12-31') continue;
		const { wanted, got } = compared(one, rows);
		expect(got, one.name).toEqual(wanted);
		seen++;
	}
	expect(seen).toBeGreaterThan(mistakes.length / 2);
});
