import { address } from '$lib/domain/address';
import { demoWords } from '$lib/domain/demo';
import { elementListWords, readElementList } from '$lib/domain/element_list';
import { becauseWords, readStanding, standings } from '$lib/domain/eligibility';
import { readReviewed, reviewedWords } from '$lib/domain/reviewed_people';
import { exportable, isExportable, type ExportName } from '$lib/domain/exportable';
import { oldWords } from '$lib/domain/kept';
import { medicineListWords, readMedicineList } from '$lib/domain/medicine_list';
import { mtmChips } from '$lib/domain/mtm_filter';
import { opportunityWords, readOpportunities } from '$lib/domain/opportunity';
import { populationKeys, writePopulation } from '$lib/domain/population';
import { listAsked, problemStates } from '$lib/domain/problem';
import { codeWords } from '$lib/domain/recommendation';
import { listedChips } from '$lib/domain/recommendation_table';
import { roleCard } from '$lib/domain/role';
import { readSessionList, sessionListWords } from '$lib/domain/session_list';
import { scopeOfView, type Viewer } from '$lib/domain/viewer';
import { levelWords, limitKeys, seesDays, type Limits } from '$lib/domain/scope';
import { demoOf } from '$lib/server/demo/mark';
import { asked, notHere, theHome, viewerWho } from '$lib/server/door';
import { elementTitles } from '$lib/server/element_titles';
import type { Order } from '$lib/server/export/job';
import { readTable, reviewOf, type Asking } from '$lib/server/export/tables';
import type { Format } from '$lib/server/export/write';
import type { About } from '$lib/server/export/workbook';
import type { Row } from '$lib/server/duckdb';
import { record } from '$lib/server/records/log';
import { hidesSmallCells } from '$lib/server/release';
import { reviewLists } from '$lib/server/review_lists';
import { ask, measures } from '$lib/server/warehouse';
import { filterText, type FilterOption } from '$lib/ui/filter';
import { version } from '../../../package.json';

const limitWords: Record<keyof Limits, string> = {
	pharmacies: 'Pharmacies',
	plans: 'Plans',
	contracts: 'Contracts',
	programs: 'Programmes'
};

/** An export as the address asks for it. */
export type Wanted = { name: ExportName; asking: Asking; viewer: Viewer; url: URL };

/** Reads what an address asks for. Who may not have it is told that it is not there, and that they asked is logged. */
export async function wantedOf(event: { url: URL; locals: App.Locals }, name: string): Promise<Wanted> {
	const { url, locals } = event;
	const viewer = viewerWho(null, { locals });
	if (!isExportable(name)) return notHere();
	const { need, countsGroups } = exportable(name);
	if (!viewer.can(need) || (countsGroups && hidesSmallCells(viewer.scope))) {
		await record(theHome(), { kind: 'refused', by: viewer.user.id, session: viewer.session, detail: { export: name } });
		return notHere();
	}
	const pid = url.searchParams.get('pid') ?? undefined;
	const question = await asked(event, need, pid);
	const home = question?.home ?? theHome();
	// The rejects page masks rows by itself, at the highest level of the role.
	const own = name === 'rejects' ? scopeOfView(viewer, true) : (question?.scope ?? viewer.scope);
	// The audit is made of days and numbers of claims: who audits is shown them there, and in its files.
	const scope = name.startsWith('audit_') && own.phi === 'P1' ? { ...own, phi: 'P2' as const } : own;
	return { name, viewer, url, asking: { home, viewer, scope, question, words: url.searchParams } };
}

const spoken: Record<string, string> = {
	measure: 'Measure',
	plan: 'Plan',
	period: 'Month',
	unit: 'By',
	list: 'List',
	since: 'Days back',
	per: 'For each 1,000 member-',
	adjust: 'Limits widened by the spread between units'
};

/** What the address says of these words; a plan is no filter where small counts are hidden. */
const chosenWords = (keys: readonly string[], { words, scope }: Asking): string[] =>
	keys
		.filter((key) => words.get(key) && !(key === 'plan' && hidesSmallCells(scope)))
		.map((key) => `${spoken[key]}: ${words.get(key)}`);

/** The filters, list and order that choose the rows, in words. */
async function filtersOf({ name, asking }: Wanted): Promise<string[]> {
	const { home, scope, question, words } = asking;
	if (question && exportable(name).words) return chosenWords(exportable(name).words!, asking);
	if (!question || !exportable(name).isFiltered) return words.get('load') ? [`Load: ${words.get('load')}`] : [];
	const { population, year } = question;
	const options = await ask<FilterOption>(
		home,
		'filter_options',
		{ year, chosen: [...population.pharm.in, ...population.presc.in] },
		scope
	);
	const set = writePopulation(population);
	const said = populationKeys
		.filter((key) => set.has(key))
		.map((key) => {
			const { label, text } = filterText(key, set.get(key)!, options);
			return `${label}: ${text}`;
		});
	if (name === 'patients') {
		const { list, measure, phone } = await reviewOf(asking);
		if (phone !== null) said.unshift(`Phone: ${phone ? 'known' : 'missing'}`);
		if (measure) said.unshift(`Measure: ${measure}`);
		said.unshift(
			`List: ${list === null ? 'everybody' : (reviewLists().find((one) => one.id === list)?.title ?? list)}`
		);
	}
	if (name === 'patient_recommendations') {
		const chips = [...listedChips(words, seesDays(scope)), ...mtmChips(words, seesDays(scope))];
		said.unshift(...chips.map(({ label, text }) => `${label}: ${text}`));
		const open = words.get('open');
		if (open === 'yes' || open === 'no') said.unshift(`Answered: ${open === 'yes' ? 'no' : 'yes, or closed'}`);
	}
	if (name === 'patient_sessions') {
		const titles = await elementTitles(home, scope);
		const listed = sessionListWords(readSessionList(words, [...titles.keys()]).chosen, titles);
		if (listed) said.unshift(`Sessions: ${listed}`);
	}
	if (name === 'patient_session_elements') {
		const titles = await elementTitles(home, scope);
		const listed = elementListWords(readElementList(words, [...titles.keys()]).chosen, titles);
		if (listed) said.unshift(`Elements: ${listed}`);
	}
	if (name === 'patient_session_medicines') {
		const listed = medicineListWords(readMedicineList(words).chosen);
		if (listed) said.unshift(`Medicines: ${listed}`);
	}
	if (name === 'patient_opportunities') {
		const listed = opportunityWords(readOpportunities(words).chosen);
		if (listed) said.unshift(`Opportunities: ${listed}`);
	}
	if (name === 'patient_problems_documented') {
		const list = reviewLists('all').find((one) => words.get('list')?.split(',').includes(one.id));
		const unlisted = words.get('unlisted');
		if (list) said.unshift(`Documented, not shown by claims: ${list.title}`);
		else said.unshift(`Documented, no list looks for it: ${unlisted ? codeWords('problem', unlisted) : 'all'}`);
		if (words.get('state') === 'resolved') said.unshift('Resolved: yes');
	}
	if (name === 'patient_problems' || name === 'patient_reasons') {
		const titles = new Map(reviewLists('all').map((list) => [list.id, list.title]));
		const lists = (words.get('list') ?? '').split(',').filter((list) => titles.has(list));
		said.unshift(`Lists: ${lists.map((list) => titles.get(list)).join(', ') || 'all'}`);
		const shown = listAsked(words.get('state'))?.shown ?? 'all';
		if (name === 'patient_problems' && shown !== 'all') said.unshift(`State: ${problemStates[shown]}`);
	}
	if (name === 'patient_eligibility') {
		const { chosen } = readStanding(words);
		if (chosen.because) said.unshift(`Why: ${becauseWords(chosen.because)}`);
		if (chosen.program) said.unshift(`Programme: ${chosen.program}`);
		if (chosen.standing) said.unshift(`Standing: ${standings[chosen.standing]}`);
	}
	if (name === 'patient_reviewed') said.unshift(`Who: ${reviewedWords(readReviewed(words, seesDays(scope)).chosen)}`);
	if (name === 'unit_rates')
		said.unshift(`By: ${{ pharm: 'pharmacy', presc: 'prescriber', plan: 'plan' }[words.get('unit') ?? 'pharm']}`);
	return said;
}

/** The rules of the measures that the rows are about, from their cards. */
async function definitionsOf({ asking }: Wanted, rows: Row[]): Promise<About> {
	const about = new Set(rows.map((row) => row.measure));
	about.add(asking.words.get('measure'));
	return (await measures(asking.home, asking.scope))
		.filter((measure) => about.has(measure.id))
		.map((measure) => [
			`Definition: ${measure.id}`,
			`${measure.title}. Denominator: ${measure.denominator} Numerator: ${measure.numerator} Source: ${measure.source}`
		]);
}

/** The page that shows the table. */
function pageOf({ name, url }: Wanted): string {
	const words = new URLSearchParams(url.searchParams);
	const take = (key: string) => {
		const value = words.get(key);
		words.delete(key);
		return value;
	};
	const pid = take('pid');
	const load = take('load');
	const { page, words: own } = exportable(name);
	const keeps = name === 'patients' || page === '/compare' || page === '/outcomes/around-review';
	const measure = keeps ? null : take('measure');
	if (!own?.includes('unit')) words.delete('unit');
	return address(
		pid ? `${page}/${pid}` : load ? `${page}/loads/${load}` : measure ? `${page}/${measure}` : page,
		words
	);
}

/** Patients named one by one in the log, up to here; more stand by hash and filters. */
const namedPatients = 1000;

/** The whole order: rows, what the file says about itself, its name, and the entry of the log. */
export async function orderOf(
	wanted: Wanted,
	format: Format,
	{ mark, described }: { mark: boolean; described: boolean }
): Promise<Order & { filters: string[]; page: string }> {
	const { name, asking, viewer, url } = wanted;
	const { home, scope, question, words } = asking;
	const filters = await filtersOf(wanted);
	const limits = limitKeys
		.filter((key) => scope.limits[key] !== null)
		.map((key) => `${limitWords[key]}: ${scope.limits[key]!.join(', ') || 'none'}`);
	const run = question?.run ?? null;
	const demo = demoOf(home);
	const reveal = viewer.reveals.at(-1);
	const old = question?.old ?? null;
	const byLoad = old && old.known !== null ? `_load_${old.known}` : '';
	const data = name === 'rejects' ? `load_${words.get('load')}` : run ? `${run.as_of}${byLoad}` : 'nothing_computed';
	const pid = words.get('pid');
	return {
		format,
		mark,
		described: described && format === 'csv',
		filters,
		page: pageOf(wanted),
		back: address(`/export/${name}`, words),
		read: async () => {
			const shown = await readTable(name, asking);
			const definitions = question ? await definitionsOf(wanted, shown.rows) : [];
			const pids = exportable(name).isOfPatients
				? [...new Set(shown.rows.flatMap((row) => (row.pid ? [String(row.pid)] : [])))]
				: [];
			return {
				table: { name: exportable(name).title, columns: shown.columns, rows: shown.rows },
				about: (rows): About => [
					['Product', `OpenMTM ${version}`],
					...(demo ? [['Demo', demoWords[demo]] as [string, string]] : []),
					['Table', exportable(name).title],
					['Address', `${url.origin}${address(`/export/${name}`, words)}`],
					['Filters', filters.join('; ') || 'none'],
					...(shown.order ? [['Order', shown.order] as [string, string]] : []),
					...(shown.about ?? []),
					...(run
						? ([
								['Measurement year', String(question!.year)],
								...(old ? [['Results', oldWords(old)]] : []),
								['Data through', run.as_of],
								['Computed', run.built_at.replace(' ', 'T').slice(0, 19)],
								['Loads', (run.loads ?? []).join(', ') || 'none']
							] as About)
						: []),
					['Rows', String(rows)],
					['Columns', shown.columns.join(', ')],
					['By', `${viewer.user.name} (${roleCard(viewer.user.role).title})`],
					['Written', new Date().toISOString()],
					['Level', levelWords[scope.phi]],
					['Limited to', limits.join('; ') || 'nothing: everybody'],
					['Caution', 'Rates are observed, not risk-adjusted. Confidential: contains health information.'],
					...definitions
				],
				detail: {
					filters,
					...(old ? { as_of: old.as_of, known: old.known } : {}),
					phi: scope.phi,
					...(pids.length && pids.length <= namedPatients ? { patients: pids } : {})
				}
			};
		},
		fileName: (rows) => `mtm_${name}_${data}_${rows}.${format}`,
		entry: {
			by: viewer.user.id,
			session: viewer.session,
			patient: pid,
			purpose: scope.phi === 'P3' ? reveal?.purpose : null,
			reason: scope.phi === 'P3' ? reveal?.reason : null
		}
	};
}
