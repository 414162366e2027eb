import { DuckDBDataChunk, INTEGER, type DuckDBAppender } from '@duckdb/node-api';
import { dayOf, firstDayOf, lastDayOf, lastDayOfMonth, yearOf, type Day } from '$lib/domain/day';
import {
	countDays,
	foldFills,
	newFold,
	standing,
	type DayCount,
	type Notice,
	type Period,
	type Spans,
	type State
} from '$lib/domain/fold';
import type { Connection, Database } from '../duckdb';

/** Which years to fold, the day up to which claims are known, and how the work is told and stopped. */
export type AdherenceOptions = {
	years: number[];
	/** 'YYYY-MM-DD'; fills after it are in no table given. */
	asOf: string;
	/** Told after each range of patients. */
	progress?: (patients: number, ofPatients: number) => void;
	signal?: AbortSignal;
	patientsInRange?: number;
};

/**
 * The columns of adherence_fold, all whole numbers: days since 1970 for days. flags: the code of `states` in bits 0 to 2, then a bit
 * each for a gap in coverage, an exclusion fill, and adherence as counted, without and with the stay adjustment.
 */
const columns = [
	'patient_no',
	'measure_no',
	'year',
	'index_date',
	'period_end',
	'flags',
	'fill_days',
	'fills',
	'calendar_days',
	'period_days',
	'elapsed_days',
	'covered_days',
	'removed_days',
	'missed_days',
	'allowable_days_remaining',
	'runs_out_on',
	'days_late',
	'last_impactable_on',
	'covered_days_without_stays',
	'covered_days_with_stays',
	'period_days_with_stays',
	'month_adherent',
	'month_counted',
	'pharmacy_no',
	'prescriber_no',
	'plan_no',
	'pharmacy_fills',
	'last_fill_on',
	'last_ingredient_no',
	'last_days_supply',
	'last_refills_remaining'
] as const;

/** The order of the codes of the state in adherence_fold.flags. */
export const states: State[] = ['secured', 'lost', 'last_chance', 'overdue', 'due_soon', 'on_track'];

const UNKNOWN = -0x80000000;
const VECTOR = 2048;
const VIEW = 16;
const REFILLS_UNKNOWN = 127;
const GAP = 8;
const EXCLUSION = 16;
const ADHERENT = 32;
const ADHERENT_WITHOUT_STAYS = 64;
const ADHERENT_WITH_STAYS = 128;

/**
 * Folds every patient's fills into the table `memory.main.adherence_fold`: one row for each patient, measure and year with a final fill
 * of the class. Reads fill, ndc_text, ndc_class, enrollment_span, roster_span, plan_name, stay_span, patient, view_source and
 * the reference tables in the catalog `results` of the database. DuckDB packs each fill of a range of patients into one number, in the order in
 * which fill lies (patient, day); the fold walks them. Throws when `signal` aborts; returns the number of rows.
 */
export async function buildAdherence(database: Database, options: AdherenceOptions): Promise<number> {
	const reader = await database.connect();
	const writer = await database.connect();
	try {
		await reader.run('use results');
		await writer.run('use results');
		return await foldAll(reader, writer, options);
	} finally {
		reader.close();
		writer.close();
	}
}

async function foldAll(reader: Connection, writer: Connection, options: AdherenceOptions): Promise<number> {
	const asOf = dayOf(options.asOf);
	const years = [...new Set(options.years)].sort((a, b) => a - b);
	await writer.run(
		`create or replace table memory.main.adherence_fold (${columns.map((column) => `${column} integer`).join(', ')})`
	);
	const classes = await prepareClasses(reader, writer);
	const { patients } = await reader.row<{ patients: number }>(
		'select coalesce(max(patient_no), 0) as patients from patient'
	);
	if (years.length === 0 || patients === 0) return 0;
	const rules = await readRules(reader);
	const appender = await writer.raw.createAppender('adherence_fold', 'main', 'memory');
	const size = options.patientsInRange ?? 25_000;
	let written = 0;
	for (const near of withinReach(years)) {
		const folding = new Folding(rules, classes, await readYears(reader, near), asOf, appender);
		const ask = (from: number) => readRange(reader, from, from + size - 1, folding);
		let next = ask(1);
		for (let from = 1; from <= patients; from += size) {
			const range = await next;
			if (from + size <= patients) {
				next = ask(from + size);
				next.catch(() => undefined);
			}
			for (const { keys, payloads } of range.rows) {
				if (options.signal?.aborted) {
					reader.interrupt();
					throw options.signal.reason;
				}
				folding.take(range, keys, payloads);
			}
			folding.closePatient(range);
			options.progress?.(Math.min(from + size - 1, patients), patients);
		}
		written += folding.finish();
	}
	appender.closeSync();
	return written;
}

/** The years in groups that the day numbers of the packed fills (15 bits) can hold. */
function withinReach(years: number[]): number[][] {
	const groups: number[][] = [];
	for (const year of years) {
		const group = groups.at(-1);
		if (group && year - group[0]! < 89) group.push(year);
		else groups.push([year]);
	}
	return groups;
}

/** A vector of packed rows, each number as its two 32-bit halves, the low one first. */
type Rows = { keys: Uint32Array; payloads: Uint32Array };

async function readRows(reader: Connection, sql: string): Promise<Rows[]> {
	const result = await reader.raw.run(sql);
	const rows: Rows[] = [];
	const halves = (chunk: DuckDBDataChunk, column: number) => {
		const { items } = chunk.getColumnVector(column) as unknown as { items: BigInt64Array };
		return new Uint32Array(items.slice(0, chunk.rowCount).buffer);
	};
	for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
		rows.push({ keys: halves(chunk, 0), payloads: halves(chunk, 1) });
	return rows;
}

/** Whether patients never fall and days of one patient never fall. */
function isInOrder(rows: Rows[]): boolean {
	let patient = -1;
	let day = -1;
	for (const { keys } of rows)
		for (let i = 0; i < keys.length; i += 2) {
			const nextPatient = keys[i + 1]! >>> 15;
			const nextDay = keys[i + 1]! & 32767;
			if (nextPatient < patient || (nextPatient === patient && nextDay < day)) return false;
			patient = nextPatient;
			day = nextDay;
		}
	return true;
}

/**
 * Makes the small tables that name the fold's numbers (measure_code, class_ingredient), and class_slot for the reader: each NDC of a class has one
 * number, and what it is in each measure is the answer's row of that number. Measures of the pharmacy view exist when a source needs them.
 */
async function prepareClasses(reader: Connection, writer: Connection): Promise<ClassRow[][]> {
	await writer.run(`
		create or replace table measure_code as
		with views as (select count(*) > 0 as needed from view_source)
		select
			measure_no + ${VIEW} * is_view::integer as measure_no,
			measure || case when is_view then '_pharmacy_view' else '' end as measure,
			measure as base_measure,
			is_view as in_pharmacy_view,
			threshold_percent::integer as threshold_percent,
			min_ingredients::integer as min_ingredients,
			exclusion_reason
		from (select *, (row_number() over (order by measure) - 1)::integer as measure_no from adherence_measure)
		cross join (select unnest([false, true]) as is_view)
		cross join views
		where not is_view or views.needed`);
	await writer.run(`
		create or replace table class_ingredient as
		select
			measure_code.measure_no,
			measure_code.measure,
			ingredient,
			dense_rank() over (partition by measure_code.measure order by ingredient)::integer as ingredient_no
		from (select distinct measure as base_measure, ingredient from ndc_class where role = 'target')
		inner join measure_code using (base_measure)`);
	const { most, measures } = await writer.row<{ most: number; measures: number }>(
		`select (select coalesce(max(ingredient_no), 0) from class_ingredient) as most, (select count(*) from adherence_measure) as measures`
	);
	if (most > 127) throw new Error(`a measure has ${most} target ingredients; the fold holds 127`);
	if (measures > VIEW) throw new Error(`there are ${measures} adherence measures; the fold holds ${VIEW}`);
	await reader.run(`
		create or replace temp table class_slot as
		select ndc_text.ndc_no, row_number() over (order by ndc_text.ndc_no)::integer - 1 as slot
		from ndc_text
		semi join ndc_class on ndc_text.ndc_code = ndc_class.ndc_code`);
	await reader.run(`
		set variable class_slots = (
			select list(class_slot.slot order by ndc_text.ndc_no) from ndc_text left join class_slot on ndc_text.ndc_no = class_slot.ndc_no
		)`);
	const { slots } = await reader.row<{ slots: number }>('select count(*) as slots from class_slot');
	if (slots > 1 << 20) throw new Error(`${slots} NDC texts are in a class; the fold holds ${1 << 20}`);
	const rows = await reader.rows<ClassRow & { slot: number }>(`
		select
			class_slot.slot,
			measure_code.measure_no as measure,
			coalesce(class_ingredient.ingredient_no, 0) as ingredient,
			ndc_class.role = 'exclusion' as "isExclusion",
			measure_code.in_pharmacy_view as "inView",
			coalesce(ndc_class.valid_from - date '1970-01-01', ${-0x80000000})::integer as "from",
			coalesce(ndc_class.valid_to - date '1970-01-01', ${0x7fffffff})::integer as "to"
		from ndc_class
		inner join ndc_text on ndc_class.ndc_code = ndc_text.ndc_code
		inner join class_slot on ndc_text.ndc_no = class_slot.ndc_no
		inner join measure_code on ndc_class.measure = measure_code.base_measure
		left join class_ingredient
			on measure_code.measure_no = class_ingredient.measure_no
			and ndc_class.ingredient = class_ingredient.ingredient
			and ndc_class.role = 'target'
		order by slot, measure, ingredient`);
	const classes: ClassRow[][] = Array.from({ length: slots }, () => []);
	for (const { slot, ...row } of rows) classes[slot]!.push(row);
	return classes;
}

/** What an NDC is in one measure: a target ingredient, or an exclusion; on days `from` to `to`. */
type ClassRow = {
	measure: number;
	ingredient: number;
	isExclusion: boolean;
	inView: boolean;
	from: Day;
	to: Day;
};

type MeasureRule = { threshold: number; minIngredients: number };
type YearRule = { first: Day; last: Day; adjust: boolean; monthEnds: Day[]; monthStarts: Day[] };

async function readRules(reader: Connection): Promise<{ measures: MeasureRule[]; notice: Notice }> {
	const measures: MeasureRule[] = [];
	const rows = await reader.rows<{ measure_no: number; threshold_percent: number; min_ingredients: number }>(
		'select measure_no, threshold_percent, min_ingredients from measure_code'
	);
	for (const row of rows)
		measures[row.measure_no] = { threshold: row.threshold_percent, minIngredients: row.min_ingredients };
	return { measures, notice: { dueSoonDays: 7, lastChanceDays: 7 } };
}

/** The years asked for; the stay adjustment of a year before or after the table is that of its nearest year. */
async function readYears(reader: Connection, years: number[]): Promise<Map<number, YearRule>> {
	const settings = await reader.rows<{ year: number; stay_adjustment: boolean }>(
		'select year::integer as year, stay_adjustment::boolean as stay_adjustment from adherence_year order by year'
	);
	return new Map(
		years.map((year) => {
			const setting = settings.filter((row) => row.year <= year).at(-1) ?? settings[0];
			const months = Array.from({ length: 12 }, (_, month) => lastDayOfMonth(year, month + 1));
			const rule: YearRule = {
				first: firstDayOf(year),
				last: lastDayOf(year),
				adjust: setting?.stay_adjustment ?? true,
				monthEnds: months,
				monthStarts: [firstDayOf(year), ...months.slice(0, -1).map((day) => day + 1)]
			};
			return [year, rule];
		})
	);
}

/** The spans of a range of patients, in order of patient. */
type PatientSpans = { patient: Int32Array; from: Int32Array; to: Int32Array; code: Int32Array };
type Range = {
	firstPatient: number;
	rows: Rows[];
	coverage: Cursor;
	roster: Cursor;
	stays: Cursor;
	deaths: Cursor;
};

/** Walks the spans of a range while the patients only rise. */
class Cursor {
	private at = 0;
	private patient = -1;
	start = 0;
	end = 0;
	constructor(readonly spans: PatientSpans) {}

	/** Sets start and end to the spans of a patient: from start to before end. */
	seek(patient: number): void {
		if (patient === this.patient) return;
		const { patient: numbers } = this.spans;
		while (this.at < numbers.length && numbers[this.at]! < patient) this.at++;
		this.start = this.at;
		while (this.at < numbers.length && numbers[this.at] === patient) this.at++;
		this.end = this.at;
		this.patient = patient;
	}
}

async function readSpans(reader: Connection, sql: string): Promise<Cursor> {
	const result = await reader.raw.run(sql);
	const parts: Int32Array[][] = [[], [], [], []];
	for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
		for (let column = 0; column < 4; column++) {
			const { items } = chunk.getColumnVector(column) as unknown as { items: Int32Array };
			parts[column]!.push(items.slice(0, chunk.rowCount));
		}
	}
	const [patient, from, to, code] = parts.map(joined) as [Int32Array, Int32Array, Int32Array, Int32Array];
	return new Cursor({ patient, from, to, code });
}

function joined(parts: Int32Array[]): Int32Array {
	const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

async function readRange(reader: Connection, from: number, to: number, folding: Folding): Promise<Range> {
	const among = `patient_no between ${from} and ${to}`;
	const day = (column: string) => `(${column} - date '1970-01-01')::integer`;
	const coverage = await readSpans(
		reader,
		`select patient_no, ${day('from_on')}, ${day("least(to_on, date '9999-12-31')")}, 0 from enrollment_span
		where coverage = 'pharmacy' and ${among} order by patient_no, from_on`
	);
	const roster = await readSpans(
		reader,
		`select patient_no, ${day('from_on')}, ${day("least(to_on, date '9999-12-31')")}, coalesce(plan_no, ${UNKNOWN})
		from roster_span left join plan_name using (plan) where pharmacy_coverage and ${among} order by patient_no, from_on, load_id, plan_no`
	);
	const stays = await readSpans(
		reader,
		`select patient_no, ${day('from_on')}, ${day('to_on')}, 0 from stay_span where ${among} order by patient_no, from_on`
	);
	const deaths = await readSpans(
		reader,
		`select patient_no, ${day('death_date')}, ${day('death_date')}, 0 from patient where death_date is not null and ${among} order by patient_no`
	);
	const sql = `
		select
			(fill.patient_no - ${from})::bigint * 140737488355328
				+ (fill.dispensed_on - date '1970-01-01' - ${folding.baseDay})::bigint * 4294967296
				+ case when fill.in_pharmacy_view then 1073741824 else 0 end
				+ case when fill.is_covered then 536870912 else 0 end
				+ getvariable('class_slots')[fill.ndc_no] * 512
				+ fill.days_supply as key,
			coalesce(fill.prescriber_no, 0)::bigint * 4294967296
				+ least(coalesce(fill.refills_remaining, ${REFILLS_UNKNOWN}), ${REFILLS_UNKNOWN}) * 16777216
				+ coalesce(fill.pharmacy_no, 0) as payload
		from fill
		where fill.${among}
			and getvariable('class_slots')[fill.ndc_no] is not null
			and fill.dispensed_on between date '1970-01-01' + ${folding.baseDay} and date '1970-01-01' + ${folding.lastDay}
			and coalesce(fill.drug_coverage_status, 'C') not in ('E', 'O')`;
	// fill lies in order of patient and day, and a plain scan keeps that order (a join would not, so classes are looked up in a list).
	let rows = await readRows(reader, sql);
	if (!isInOrder(rows)) rows = await readRows(reader, `${sql} order by fill.patient_no, fill.dispensed_on`);
	return { firstPatient: from, rows, coverage, roster, stays, deaths };
}

/** One pharmacy's or prescriber's share of a group: most days first, then the latest fill, then the lower number. */
type Share = { no: number; days: number; fills: number; last: Day };

function addShare(shares: Share[], count: number, no: number, days: number, day: Day): number {
	for (let i = 0; i < count; i++) {
		const share = shares[i]!;
		if (share.no === no) {
			share.days += days;
			share.fills++;
			share.last = day;
			return count;
		}
	}
	const share = (shares[count] ??= { no: 0, days: 0, fills: 0, last: 0 });
	share.no = no;
	share.days = days;
	share.fills = 1;
	share.last = day;
	return count + 1;
}

function largest(shares: Share[], count: number): Share | null {
	let best: Share | null = null;
	for (let i = 0; i < count; i++) {
		const share = shares[i]!;
		if (share.no === 0) continue;
		if (
			!best ||
			share.days > best.days ||
			(share.days === best.days && (share.last > best.last || (share.last === best.last && share.no < best.no)))
		)
			best = share;
	}
	return best;
}

/** One measure of the patient at hand in one year: its fills as they come, and what is counted of them. */
class Group {
	readonly fills = { count: 0, day: [] as number[], days: [] as number[], ingredient: [] as number[] };
	readonly pharmacies: Share[] = [];
	readonly prescribers: Share[] = [];
	pharmacyCount = 0;
	prescriberCount = 0;
	/** -1 when closed. */
	year = -1;
	hasTarget = false;
	lastExclusion = UNKNOWN;
	counted = 0;
	fillDays = 0;
	lastFill = UNKNOWN;
	lastDays = 0;
	lastIngredient = 0;
	lastRefills = REFILLS_UNKNOWN;
	private lastPharmacy = 0;

	constructor(readonly measure: number) {}

	begin(year: number): void {
		this.year = year;
		this.fills.count = 0;
		this.pharmacyCount = 0;
		this.prescriberCount = 0;
		this.hasTarget = false;
		this.lastExclusion = UNKNOWN;
		this.counted = 0;
		this.fillDays = 0;
		this.lastFill = UNKNOWN;
	}

	/** Adds one target ingredient of a fill that counts. */
	add(day: Day, days: number, ingredient: number): void {
		const at = this.fills.count++;
		this.fills.day[at] = day;
		this.fills.days[at] = days;
		this.fills.ingredient[at] = ingredient;
	}

	/** Counts a fill once. The last fill is the one of the latest day; of one day, the one of most days, then the lower numbers. */
	count(day: Day, days: number, ingredient: number, pharmacy: number, refills: number, prescriber: number): void {
		this.counted++;
		this.pharmacyCount = addShare(this.pharmacies, this.pharmacyCount, pharmacy, days, day);
		this.prescriberCount = addShare(this.prescribers, this.prescriberCount, prescriber, days, day);
		if (day === this.lastFill) {
			const order =
				this.lastDays - days ||
				pharmacy - this.lastPharmacy ||
				ingredient - this.lastIngredient ||
				refills - this.lastRefills;
			if (order >= 0) return;
		} else this.fillDays++;
		this.lastFill = day;
		this.lastDays = days;
		this.lastIngredient = ingredient;
		this.lastRefills = refills;
		this.lastPharmacy = pharmacy;
	}
}

/** The running fold: takes rows in order, keeps the open groups of one patient, and writes a row for each when it ends. */
class Folding {
	readonly baseDay: Day;
	readonly lastDay: Day;
	private readonly yearOfDay: Int16Array;
	private readonly fold = newFold();
	private readonly stays: Spans = { count: 0, from: [], to: [] };
	private readonly groups: Group[] = [];
	private readonly open: Group[] = [];
	private patient = -1;
	private out: Int32Array[] = [];
	private chunk: DuckDBDataChunk | null = null;
	private rows = 0;
	private written = 0;

	constructor(
		private readonly rules: { measures: MeasureRule[]; notice: Notice },
		private readonly classes: ClassRow[][],
		private readonly years: Map<number, YearRule>,
		private readonly asOf: Day,
		private readonly appender: DuckDBAppender
	) {
		const asked = [...years.keys()];
		this.baseDay = firstDayOf(Math.min(...asked));
		this.lastDay = lastDayOf(Math.max(...asked));
		this.yearOfDay = new Int16Array(this.lastDay - this.baseDay + 1);
		for (let day = 0; day < this.yearOfDay.length;) {
			const year = yearOf(this.baseDay + day);
			const end = Math.min(lastDayOf(year) - this.baseDay, this.yearOfDay.length - 1);
			if (years.has(year)) this.yearOfDay.fill(year, day, end + 1);
			day = end + 1;
		}
	}

	/** Takes packed fills (patient, day, in the pharmacy view, covered, class slot, days; and payloads) in order of patient and day. */
	take(range: Range, keys: Uint32Array, payloads: Uint32Array): void {
		const { yearOfDay, baseDay, classes } = this;
		for (let i = 0; i < keys.length; i += 2) {
			const low = keys[i]!;
			const high = keys[i + 1]!;
			const year = yearOfDay[high & 32767]!;
			if (year === 0) continue;
			const patient = high >>> 15;
			if (patient !== this.patient) {
				this.closePatient(range);
				this.patient = patient;
			}
			const day = baseDay + (high & 32767);
			const days = low & 511;
			const isEnrolled = (low & 536870912) !== 0;
			const inView = (low & 1073741824) !== 0;
			const rows = classes[(low >>> 9) & 0xfffff]!;
			let countedIn = -1;
			for (let r = 0; r < rows.length; r++) {
				const row = rows[r]!;
				if (day < row.from || day > row.to || (row.inView && !inView)) continue;
				const group = this.groupOf(range, row.measure, year);
				const covered = isEnrolled || row.inView;
				if (row.isExclusion) {
					if (covered) group.lastExclusion = day;
					continue;
				}
				group.hasTarget = true;
				if (!covered) continue;
				group.add(day, days, row.ingredient);
				if (countedIn === row.measure) continue;
				countedIn = row.measure;
				group.count(day, days, row.ingredient, payloads[i]! & 0xffffff, payloads[i]! >>> 24, payloads[i + 1]!);
			}
		}
	}

	/** The open group of a measure in a year; an open one of another year is written first. */
	private groupOf(range: Range, measure: number, year: number): Group {
		const group = (this.groups[measure] ??= new Group(measure));
		if (group.year !== year) {
			if (group.year === -1) this.open.push(group);
			else this.writeGroup(range, group);
			group.begin(year);
		}
		return group;
	}

	/** Ends the open groups of the patient, if any, and writes their rows. */
	closePatient(range: Range): void {
		for (const group of this.open) {
			this.writeGroup(range, group);
			group.year = -1;
		}
		this.open.length = 0;
		this.patient = -1;
	}

	private writeGroup(range: Range, group: Group): void {
		if (!group.hasTarget) return;
		const { measure, fills } = group;
		const patient = range.firstPatient + this.patient;
		const row = this.openRow();
		const out = this.out;
		let column = 0;
		out[column++]![row] = patient;
		out[column++]![row] = measure;
		out[column++]![row] = group.year;
		if (fills.count === 0) {
			for (; column < columns.length; column++) out[column]![row] = UNKNOWN;
			return;
		}
		const rule = this.rules.measures[measure]!;
		const year = this.years.get(group.year)!;
		const index = fills.day[0]!;
		const [end, hasGap] = this.periodEnd(range, patient, measure >= VIEW, index, year);
		const period: Period = { index, end, asOf: this.asOf };
		const stays = this.staysOf(range, patient, measure >= VIEW);
		const fold = foldFills(fills, stays, period, rule.minIngredients, this.fold);
		const plain = countDays(fold, period, false);
		const adjusted = fold.removed.count > 0 ? countDays(fold, period, true) : plain;
		const main = year.adjust ? adjusted : plain;
		const stand = standing(main, period, rule.threshold, this.rules.notice);
		const [monthAdherent, monthCounted] = this.months(period, year, rule.threshold);
		const pharmacy = largest(group.pharmacies, group.pharmacyCount);
		const prescriber = largest(group.prescribers, group.prescriberCount);
		const adherent = (count: DayCount) =>
			count.elapsedDays > 0 && count.coveredDays * 100 >= rule.threshold * count.elapsedDays;
		out[column++]![row] = index;
		out[column++]![row] = end;
		out[column++]![row] =
			states.indexOf(stand.state) |
			(hasGap ? GAP : 0) |
			(group.lastExclusion >= index ? EXCLUSION : 0) |
			(adherent(main) ? ADHERENT : 0) |
			(adherent(plain) ? ADHERENT_WITHOUT_STAYS : 0) |
			(adherent(adjusted) ? ADHERENT_WITH_STAYS : 0);
		out[column++]![row] = group.fillDays;
		out[column++]![row] = group.counted;
		out[column++]![row] = plain.periodDays;
		out[column++]![row] = main.periodDays;
		out[column++]![row] = main.elapsedDays;
		out[column++]![row] = main.coveredDays;
		out[column++]![row] = main.removedDays;
		out[column++]![row] = stand.missedDays;
		out[column++]![row] = stand.allowableDaysRemaining;
		out[column++]![row] = main.runsOutOn ?? UNKNOWN;
		out[column++]![row] = stand.daysLate;
		out[column++]![row] = stand.lastImpactableOn ?? UNKNOWN;
		out[column++]![row] = plain.coveredDays;
		out[column++]![row] = adjusted.coveredDays;
		out[column++]![row] = adjusted.periodDays;
		out[column++]![row] = monthAdherent;
		out[column++]![row] = monthCounted;
		out[column++]![row] = pharmacy ? pharmacy.no : UNKNOWN;
		out[column++]![row] = prescriber ? prescriber.no : UNKNOWN;
		out[column++]![row] = this.planOn(range, patient, measure >= VIEW, end);
		out[column++]![row] = pharmacy ? pharmacy.fills : UNKNOWN;
		out[column++]![row] = group.lastFill;
		out[column++]![row] = group.lastIngredient;
		out[column++]![row] = group.lastDays;
		out[column]![row] = group.lastRefills === REFILLS_UNKNOWN ? UNKNOWN : group.lastRefills;
	}

	/**
	 * The period's end (R3) and whether coverage breaks before it (R6). In the pharmacy view coverage is assumed from the first fill to the
	 * end of the year, or death where it is known.
	 */
	private periodEnd(range: Range, patient: number, inView: boolean, index: Day, year: YearRule): [Day, boolean] {
		if (inView) {
			range.deaths.seek(patient);
			const { start, end, spans } = range.deaths;
			return [start < end ? Math.max(index, Math.min(year.last, spans.from[start]!)) : year.last, false];
		}
		range.coverage.seek(patient);
		const { start, end, spans } = range.coverage;
		let last = index;
		let unbroken = index;
		for (let i = start; i < end; i++) {
			if (spans.from[i]! > year.last || spans.to[i]! < index) continue;
			last = Math.min(spans.to[i]!, year.last);
			if (spans.from[i]! <= index) unbroken = last;
		}
		return [last, unbroken < last];
	}

	/** The patient's stays; the pharmacy view knows none. */
	private staysOf(range: Range, patient: number, inView: boolean): Spans {
		this.stays.count = 0;
		if (inView) return this.stays;
		range.stays.seek(patient);
		const { start, end, spans } = range.stays;
		for (let i = start; i < end; i++) {
			this.stays.from[i - start] = spans.from[i]!;
			this.stays.to[i - start] = spans.to[i]!;
		}
		this.stays.count = end - start;
		return this.stays;
	}

	/** The plan that covers a day; where several do, the one that began last. */
	private planOn(range: Range, patient: number, inView: boolean, day: Day): number {
		if (inView) return UNKNOWN;
		range.roster.seek(patient);
		const { start, end, spans } = range.roster;
		let plan = UNKNOWN;
		for (let i = start; i < end; i++) if (spans.from[i]! <= day && spans.to[i]! >= day) plan = spans.code[i]!;
		return plan;
	}

	/** Adherence to date at each month's end, as bits 0 to 11: adherent, and counted (begun by then and not after the as-of month). */
	private months(period: Period, year: YearRule, threshold: number): [number, number] {
		const covered = year.adjust ? this.fold.counted : this.fold.onHand;
		const removed = year.adjust ? this.fold.removed : null;
		let adherent = 0;
		let counted = 0;
		let at = 0;
		let whole = 0;
		for (let month = 0; month < 12; month++) {
			if (period.index > year.monthEnds[month]!) continue;
			if (year.monthStarts[month]! > this.asOf) break;
			const through = Math.min(year.monthEnds[month]!, this.asOf, period.end);
			while (at < covered.count && covered.to[at]! <= through) {
				whole += covered.to[at]! - covered.from[at]! + 1;
				at++;
			}
			const days = whole + (at < covered.count && covered.from[at]! <= through ? through - covered.from[at]! + 1 : 0);
			let elapsed = through - period.index + 1;
			if (removed)
				for (let i = 0; i < removed.count && removed.from[i]! <= through; i++)
					elapsed -= Math.min(removed.to[i]!, through) - removed.from[i]! + 1;
			counted |= 1 << month;
			if (elapsed > 0 && days * 100 >= threshold * elapsed) adherent |= 1 << month;
		}
		return [adherent, counted];
	}

	private openRow(): number {
		if (this.chunk && this.rows === VECTOR) this.flush();
		if (!this.chunk) {
			this.chunk = DuckDBDataChunk.create(
				columns.map(() => INTEGER),
				VECTOR
			);
			this.out = columns.map(
				(_, column) => (this.chunk!.getColumnVector(column) as unknown as { items: Int32Array }).items
			);
			this.rows = 0;
		}
		return this.rows++;
	}

	private flush(): void {
		if (!this.chunk) return;
		if (this.rows < VECTOR) {
			const part = DuckDBDataChunk.create(
				columns.map(() => INTEGER),
				this.rows
			);
			for (let column = 0; column < columns.length; column++) {
				const vector = part.getColumnVector(column) as unknown as { items: Int32Array; flush(): void };
				vector.items.set(this.out[column]!.subarray(0, this.rows));
				vector.flush();
			}
			this.appender.appendDataChunk(part);
		} else {
			for (let column = 0; column < columns.length; column++)
				(this.chunk.getColumnVector(column) as unknown as { flush(): void }).flush();
			this.appender.appendDataChunk(this.chunk);
		}
		this.written += this.rows;
		this.chunk = null;
	}

	/** Writes what is left; returns the number of rows written. */
	finish(): number {
		this.flush();
		return this.written;
	}
}
