import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codesOf, type CodeRow } from '$lib/domain/ecareplan/code';
import { reasons } from '$lib/domain/ecareplan/element';
import { mapPlan, planTables, type PlanRow, type PlanTable } from '$lib/domain/ecareplan/map';
import { planOf, type Resource } from '$lib/domain/ecareplan/plan';
import type { Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { filesUnder, type InputFile } from '$lib/server/load/input';
import type { CarePlanFile, Placed } from '$lib/server/load/manifest';
import { intakeTable } from '$lib/server/load/table';
import { referenceTable } from '$lib/server/reference/load';
import { gate, usage } from '$lib/server/trouble';
import { unmappedList, type UnmappedGroup } from './listing';
import { findPeople, type Whose } from './person';
import { isPlanName, readPlanFile, type PlanFile } from './plan_file';

/** What plan files become: for each table and data source one file of rows, to be read as any file is, and the list of what is in none. */
export type GatheredPlans = {
	inputs: { input: InputFile; table: PlanTable }[];
	/** The files that are new; a row says by its number which of them it came from. */
	plans: CarePlanFile[];
	unmapped: UnmappedGroup[];
	already: { name: string; load_id: number }[];
	skipped: { path: string; why: string }[];
	/** Patients of the plans whom nobody on the roster is, by rule. */
	patients: { all: number; refused: { file: string; line: number; rule: string }[] };
};

export type GatherOptions = {
	engine: string;
	/** The identifier system that holds the person_id; null where the roster tells. */
	personSystem: string | null;
	/** The data source of the rows; the folder's name when absent. */
	source?: string;
	progress?: (plan: PlanFile, number: number, of: number) => void;
};

/**
 * Reads pharmacist care plans (FHIR XML, JSON, NDJSON; a Bundle, or loose resources that may name each other within a folder) and writes the rows of the
 * MTM tables they become into `folder`, with the list of what of them is in none. Throws (exit 2) for a file that is broken, too large or of another
 * version of FHIR.
 */
export async function gatherPlans(
	connection: Connection,
	home: Home,
	folder: string,
	paths: string[],
	loads: Placed[],
	options: GatherOptions
): Promise<GatheredPlans> {
	const found = new Map(paths.flatMap((path) => filesUnder(path, true)).map((each) => [each.path, each.isNamed]));
	const wanted = [...found.keys()].filter(isPlanName).sort();
	const others = [...found].filter(([path]) => !isPlanName(path));
	const named = others.find(([, isNamed]) => isNamed)?.[0];
	if (named)
		throw usage(
			`${basename(named)} is no pharmacist care plan (xml, json, ndjson). Nothing was changed. Load other files without --layout ecareplan.`
		);
	if (!wanted.length)
		throw usage('There is no pharmacist care plan (xml, json, ndjson) at the given place. Nothing was changed.');

	const codes = codesOf(
		await connection.rows<CodeRow>(`select field, system, code, value ${referenceTable(home, 'ecareplan_code')}`)
	);
	const files: { file: PlanFile; known: number | null; counts: { whole: number; elements: number } }[] = [];
	const rows: PlanRow[] = [];
	const list = unmappedList(folder);
	/** Rows of files that an active load holds already are left out, and so is what they do not tell. */
	const add = (resources: Resource[]) => {
		const made = mapPlan(planOf(resources), codes);
		rows.push(...made.rows);
		for (const each of made.unmapped) {
			const from = files[each.file]!;
			if (from.known !== null) continue;
			from.counts[each.kind === 'resource' ? 'whole' : 'elements'] += 1;
			const { file: at, ...told } = each;
			list.add({ ...told, file: from.file.name, reason: reasons[each.why] }, at);
		}
	};
	const loose = new Map<string, Resource[]>();
	for (const [at, path] of wanted.entries()) {
		const { file, content } = await readPlanFile(path, at);
		if (at % 100 === 0) options.progress?.(file, at + 1, wanted.length);
		const known = knownAs(file, options.source ?? file.folder, loads);
		files.push({ file, known, counts: { whole: 0, elements: 0 } });
		// A plan is mapped as soon as it is read, so that thousands of them need the room of one.
		for (const document of content.documents) add(document);
		const beside = loose.get(dirname(path)) ?? [];
		beside.push(...content.loose);
		if (content.loose.length) loose.set(dirname(path), beside);
	}
	for (const resources of loose.values()) add(resources);
	const unmapped = await list.end(connection);

	if (!rows.length)
		throw gate(
			`No session, recommendation or medicine of a session is in ${files
				.map(({ file }) => file.name)
				.slice(0, 3)
				.join(', ')}. Nothing was changed. A care plan has a Composition or an Encounter.`
		);

	const fresh = rows.filter((each) => files[each.file]!.known === null);
	const patients = [...new Set(fresh.flatMap((each) => each.patient ?? []))];
	const people = await findPeople(connection, loads, options.engine, patients, options.personSystem);
	const refused = patients.flatMap((each) => {
		const whose = people.get(each)!;
		return 'refused' in whose
			? [{ file: files[each.file]!.file.name, line: each.element.line, rule: whose.refused }]
			: [];
	});
	const numbers = new Map<number, number>();
	for (const [at, { known }] of files.entries()) if (known === null) numbers.set(at, numbers.size);
	const planOfRow = (at: number) => ({ ...files[at]!.file, number: numbers.get(at)! });
	return {
		inputs: inputsOf(fresh, planOfRow, people, folder, options.source),
		plans: files
			.filter(({ known }) => known === null)
			.map(({ file, counts }) => ({
				name: file.name,
				data_source: options.source ?? file.folder,
				sha256: file.sha256,
				bytes: file.bytes,
				version: file.version,
				resources: file.resources,
				whole_resources_unmapped: counts.whole,
				elements_unmapped: counts.elements,
				read: 0,
				loaded: 0,
				rejected: 0,
				duplicate: 0
			})),
		unmapped,
		already: files.flatMap(({ file, known }) => (known === null ? [] : [{ name: file.name, load_id: known }])),
		skipped: others.map(([path]) => ({ path, why: 'not a care plan; load it without --layout ecareplan' })),
		patients: { all: patients.length, refused }
	};
}

/** The active load that holds the same bytes of the same source; null when none does. */
const knownAs = (file: PlanFile, source: string, loads: Placed[]): number | null =>
	loads.find(({ load }) =>
		load.plans?.some((each) => each.sha256 === file.sha256 && (each.data_source ?? source) === source)
	)?.load.load_id ?? null;

/** The rows of one table and data source, written as JSON lines with the file and line of each; a row of nobody's carries the rule that refuses it. */
function inputsOf(
	rows: PlanRow[],
	planOfRow: (file: number) => PlanFile & { number: number },
	people: Map<Resource, Whose>,
	folder: string,
	source: string | undefined
): GatheredPlans['inputs'] {
	const groups = new Map<string, { table: PlanTable; rows: PlanRow[] }>();
	for (const table of planTables)
		for (const row of rows.filter((each) => each.table === table)) {
			const key = `${table}|${source ?? planOfRow(row.file).folder}`;
			const group = groups.get(key) ?? { table, rows: [] };
			group.rows.push(row);
			groups.set(key, group);
		}
	return [...groups.values()].map(({ table, rows: own }, at) => {
		own.sort((a, b) => a.file - b.file);
		const plans = [...new Set(own.map((each) => each.file))].map(planOfRow);
		const hasPerson = intakeTable(table).columns.some((column) => column.name === 'person_id');
		const columns = new Set(hasPerson ? ['person_id'] : []);
		const path = join(folder, `plans-${at}-${table}.ndjson`);
		const lines = own.map((each) => {
			for (const column of Object.keys(each.values)) columns.add(column);
			const plan = planOfRow(each.file);
			const whose = each.patient ? people.get(each.patient)! : ({ refused: 'unknown_person' } as const);
			const isKnown = 'person_id' in whose;
			return JSON.stringify({
				...(hasPerson ? { person_id: isKnown ? whose.person_id : null } : {}),
				...each.values,
				refused: isKnown ? null : ` ${whose.refused}`,
				plan_no: plan.number,
				source_file: plan.name,
				source_line: each.line
			});
		});
		writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
		const first = plans[0]!;
		const input: InputFile = {
			path,
			name: plans.length === 1 ? first.name : `${plans.length} care plans`,
			folder: first.folder,
			format: 'json',
			isGzip: false,
			bytes: plans.reduce((sum, each) => sum + each.bytes, 0),
			isNamed: true,
			header: [...columns],
			headerText: '',
			delimiter: ',',
			lineEnd: '\n',
			origin: {
				path: plans.length === 1 ? first.path : dirname(first.path),
				rows: own.map((each) => ({ file: planOfRow(each.file).name, line: each.line }))
			}
		};
		return { input, table };
	});
}
