import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Day } from '$lib/domain/day';
import type { Connection } from '../duckdb';

/** In place of a number that is not known. */
export const UNKNOWN = -0x80000000;
/** In place of refills remaining where claims do not say. */
export const REFILLS_UNKNOWN = 127;

/** What the fold reads of the patients from `firstPatient` on: their fills in order of patient and day, and their spans. */
export type PatientRange = {
	firstPatient: number;
	fills: FillVector[];
	coverage: Cursor;
	roster: Cursor;
	stays: Cursor;
	deaths: Cursor;
};

/**
 * A few thousand fills, each in two pairs of 32 bits. keys: in the first number the days' supply (9 bits), the NDC text's number (20) and what it
 * counts for (1: covered by a roster; 2: of a source without a roster, for the pharmacy view); in the second the day from the first one asked for
 * (15) and the patient from the first of the range (17). payloads: in the first the pharmacy (24; 0 where claims do not say) and the refills
 * remaining (7; REFILLS_UNKNOWN where they do not say); in the second the prescriber.
 */
export type FillVector = { keys: Uint32Array; payloads: Uint32Array };

/** Spans of many patients, in order of patient. */
type PatientSpans = { patient: Int32Array; from: Int32Array; to: Int32Array; code: Int32Array };

/** Walks the spans of a range while the patients only rise. */
export class Cursor {
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

/** Tells DuckDB which NDC texts are in a class, for the reads of this connection. */
export async function prepareReads(connection: Connection): Promise<void> {
	await connection.run(`
		set variable in_class = (
			select list(ndc_class.ndc_code is not null order by ndc_text.ndc_no)
			from ndc_text
			left join (select distinct ndc_code from ndc_class) as ndc_class on ndc_text.ndc_code = ndc_class.ndc_code
		)`);
}

/** Reads what the fold needs of the patients numbered from `from` through `to`, with their fills of the classes on the days given. */
export async function readRange(
	connection: Connection,
	from: number,
	to: number,
	days: { first: Day; last: Day }
): Promise<PatientRange> {
	const among = `patient_no between ${from} and ${to}`;
	const number = (day: string) => `(${day} - date '1970-01-01')::integer`;
	// The order of roster spans decides between plans that overlap.
	const spans = `
		select kind, patient_no, ${number('from_on')}, ${number("least(to_on, date '9999-12-31')")}, code
		from (
			select 0 as kind, patient_no, from_on, to_on, 0 as load_id, 0 as code
			from enrollment_span where coverage = 'pharmacy' and ${among}
			union all
			select 1, patient_no, from_on, to_on, load_id, coalesce(plan_no, ${UNKNOWN})
			from roster_span left join plan_name using (plan) where pharmacy_coverage and ${among}
			union all
			select 2, patient_no, from_on, to_on, 0, 0 from stay_span where ${among}
			union all
			select 3, patient_no, death_date, death_date, 0, 0 from patient where death_date is not null and ${among}
		)
		order by kind, patient_no, from_on, load_id, code`;
	const sql = `
		select
			((patient_no - ${from}) * 32768 + (dispensed_on - date '1970-01-01')::integer - ${days.first})::bigint * 4294967296
				+ ((is_covered::integer + 2 * in_pharmacy_view::integer)::bigint * 536870912 + (ndc_no * 512 + days_supply)) as key,
			coalesce(prescriber_no, 0)::bigint * 4294967296
				+ (least(coalesce(refills_remaining, ${REFILLS_UNKNOWN}), ${REFILLS_UNKNOWN}) * 16777216 + coalesce(pharmacy_no, 0)) as payload
		from fill
		where ${among}
			and getvariable('in_class')[ndc_no]
			and dispensed_on between date '1970-01-01' + ${days.first} and date '1970-01-01' + ${days.last}
			and coalesce(drug_coverage_status, 'C') not in ('E', 'O')`;
	// fill lies in order of patient and day, and a plain scan keeps that order (a join would not, so classes are looked up in a list).
	const [[coverage, roster, stays, deaths], inStoredOrder] = await Promise.all([
		readSpans(connection, spans),
		readFills(connection, sql)
	]);
	let fills = inStoredOrder;
	if (!isInOrder(fills)) fills = await readFills(connection, `${sql} order by patient_no, dispensed_on`);
	return { firstPatient: from, fills, coverage, roster, stays, deaths };
}

async function readFills(connection: Connection, sql: string): Promise<FillVector[]> {
	const halves = (chunk: DuckDBDataChunk, column: number) => {
		const { items } = chunk.getColumnVector(column) as unknown as { items: BigInt64Array };
		return new Uint32Array(items.buffer, items.byteOffset, 2 * chunk.rowCount);
	};
	return (await chunks(connection, sql)).map((chunk) => ({ keys: halves(chunk, 0), payloads: halves(chunk, 1) }));
}

/** The spans of kinds 0 to 3 of a select in order of kind. */
async function readSpans(connection: Connection, sql: string): Promise<[Cursor, Cursor, Cursor, Cursor]> {
	const parts = await chunks(connection, sql);
	const column = (at: number) =>
		joined(parts.map((chunk) => (chunk.getColumnVector(at) as unknown as { items: Int32Array }).items));
	const [kinds, patient, from, to, code] = [0, 1, 2, 3, 4].map(column) as [Int32Array, ...Int32Array[]];
	const ofKind = (kind: number) => {
		const first = kinds.indexOf(kind);
		const end = kinds.lastIndexOf(kind) + 1;
		const part = (numbers: Int32Array) => (first < 0 ? new Int32Array() : numbers.subarray(first, end));
		return new Cursor({ patient: part(patient!), from: part(from!), to: part(to!), code: part(code!) });
	};
	return [ofKind(0), ofKind(1), ofKind(2), ofKind(3)];
}

async function chunks(connection: Connection, sql: string): Promise<DuckDBDataChunk[]> {
	return await (await connection.raw.run(sql)).fetchAllChunks();
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

/** Whether patients never fall and days of one patient never fall: the second number of the keys holds both. */
function isInOrder(vectors: FillVector[]): boolean {
	let last = 0;
	for (const { keys } of vectors)
		for (let i = 1; i < keys.length; i += 2) {
			if (keys[i]! < last) return false;
			last = keys[i]!;
		}
	return true;
}
