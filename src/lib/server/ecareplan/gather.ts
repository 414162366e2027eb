import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { codesOf, type CodeRow } from '$lib/domain/ecareplan/code';
import { reasons, type Element } from '$lib/domain/ecareplan/element';
import { mapPlan, planTables, type PlanRow, type PlanTable } from '$lib/domain/ecareplan/map';
import { planOf, type Resource } from '$lib/domain/ecareplan/plan';
import type { Unmapped } from '$lib/domain/ecareplan/unmapped';
import type { Connection } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { filesUnder, type InputFile } from '$lib/server/load/input';
import type { CarePlanFile, Placed } from '$lib/server/load/manifest';
import { intakeTable } from '$lib/server/load/table';
import { referenceTable } from '$lib/server/reference/load';
import { gate, usage } from '$lib/server/trouble';
import { resourcesOf, UnreadablePlan, versionsOf } from './document';
import { findPeople, type Whose } from './person';
import { readJson, readNdjson, readXml } from './read';

/** An element of a plan file that is in no row, as it is listed. */
export type ListedUnmapped = Omit<Unmapped, 'file'> & { file: string; sha256: string; reason: string };

/** What plan files become: rows of the tables as JSON lines to be read as any file is, and what is in none of them. */
export type GatheredPlans = {
	inputs: { input: InputFile; table: PlanTable }[];
	plans: CarePlanFile[];
	unmapped: ListedUnmapped[];
	skipped: { path: string; why: string }[];
	/** Patients of the plans whom nobody on the roster is, by rule. */
	patients: { all: number; refused: { file: string; line: number; rule: string }[] };
};

type PlanFile = {
	path: string;
	name: string;
	folder: string;
	bytes: number;
	sha256: string;
	isGzip: boolean;
	resources: Resource[];
	documents: Resource[][];
};

const formats: [RegExp, 'xml' | 'json' | 'ndjson'][] = [
	[/\.xml(\.gz)?$/i, 'xml'],
	[/\.json(\.gz)?$/i, 'json'],
	[/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson']
];
/** A file is held in memory while it is read. */
const mostBytes = 200 << 20;

/**
 * Reads pharmacist care plans (FHIR XML, JSON, NDJSON; a Bundle, or loose resources that may name each other within a folder) and writes the rows of the
 * MTM tables they become into `folder`. Throws (exit 2) for a file that is broken, too large or of another version of FHIR, before anything is written.
 */
export async function gatherPlans(
	connection: Connection,
	home: Home,
	folder: string,
	paths: string[],
	loads: Placed[],
	options: { engine: string; personSystem: string | null }
): Promise<GatheredPlans> {
	const skipped: GatheredPlans['skipped'] = [];
	const files: PlanFile[] = [];
	const found = new Map(paths.flatMap((path) => filesUnder(path, true)).map((each) => [each.path, each.isNamed]));
	for (const [path, isNamed] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const format = formats.find(([pattern]) => pattern.test(path))?.[1];
		if (!format) {
			if (isNamed)
				throw usage(
					`${basename(path)} is no pharmacist care plan (xml, json, ndjson). Nothing was changed. Load other files without --layout ecareplan.`
				);
			skipped.push({ path, why: 'not a care plan; load it without --layout ecareplan' });
			continue;
		}
		files.push(await readFile(path, format, files.length));
	}
	if (!files.length)
		throw usage('There is no pharmacist care plan (xml, json, ndjson) at the given place. Nothing was changed.');

	const codes = codesOf(
		await connection.rows<CodeRow>(`select field, system, code, value ${referenceTable(home, 'ecareplan_code')}`)
	);
	const bundles = files.flatMap((file) => file.documents);
	const loose = new Map<string, Resource[]>();
	for (const file of files) {
		const inDocuments = new Set(file.documents.flat());
		const key = dirname(file.path);
		loose.set(key, [...(loose.get(key) ?? []), ...file.resources.filter((each) => !inDocuments.has(each))]);
	}
	const made = [...bundles, ...[...loose.values()].filter((each) => each.length)].map((resources) =>
		mapPlan(planOf(resources), codes)
	);
	const rows = made.flatMap((each) => each.rows);
	const unmapped = made.flatMap((each) => each.unmapped);

	if (!rows.length)
		throw gate(
			`No session, recommendation or medicine of a session is in ${files
				.map((each) => each.name)
				.slice(0, 3)
				.join(', ')}. Nothing was changed. A care plan has a Composition or an Encounter.`
		);

	const patients = [...new Set(rows.flatMap((each) => each.patient ?? []))];
	const people = await findPeople(connection, loads, options.engine, patients, options.personSystem);
	const refused = patients.flatMap((each) => {
		const whose = people.get(each)!;
		return 'refused' in whose ? [{ file: files[each.file]!.name, line: each.element.line, rule: whose.refused }] : [];
	});
	return {
		inputs: files.flatMap((file, at) => inputsOf(file, at, rows, people, folder)),
		plans: files.map((file, at) => {
			const own = unmapped.filter((each) => each.file === at);
			return {
				name: file.name,
				sha256: file.sha256,
				bytes: file.bytes,
				version: versionsOf(file.resources).join(' and ') || 'STU3 or R4',
				resources: file.resources.length,
				whole_resources_unmapped: own.filter((each) => each.kind === 'resource').length,
				elements_unmapped: own.filter((each) => each.kind !== 'resource').length
			};
		}),
		unmapped: unmapped.map(({ file, ...each }) => ({
			...each,
			file: files[file]!.name,
			sha256: files[file]!.sha256,
			reason: reasons[each.why]
		})),
		skipped,
		patients: { all: patients.length, refused }
	};
}

async function readFile(path: string, format: 'xml' | 'json' | 'ndjson', at: number): Promise<PlanFile> {
	const name = basename(path);
	const isGzip = /\.gz$/i.test(path);
	const { size } = statSync(path);
	const tooLarge = () =>
		gate(
			`${name} is larger than ${mostBytes >> 20} MiB. Nothing was changed. Ask for one file a patient, or cut the NDJSON into several files.`
		);
	if (size > mostBytes) throw tooLarge();
	const bytes = readFileSync(path);
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
			isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes
		);
	} catch (cause) {
		if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
		throw gate(
			`${name} cannot be read: ${isGzip ? 'it is no whole gzip file, or ' : ''}its text is not UTF-8. Nothing was changed. Ask its sender for it again.`
		);
	}
	try {
		const roots: Element[] =
			format === 'xml' ? [await readXml(text)] : format === 'json' ? [await readJson(text)] : await readNdjson(text);
		const read = roots.map((root, line) => ({
			root,
			resources: resourcesOf(root, at, format === 'ndjson' ? `line[${line}].` : '')
		}));
		const resources = read.flatMap((each) => each.resources);
		versionsOf(resources);
		return {
			path,
			name,
			folder: basename(dirname(path)) || 'files',
			bytes: size,
			sha256: createHash('sha256').update(bytes).digest('hex'),
			isGzip,
			resources,
			documents: read.filter(({ root }) => root.name === 'Bundle').map((each) => each.resources)
		};
	} catch (cause) {
		if (!(cause instanceof UnreadablePlan)) throw cause;
		throw gate(
			`${name}, line ${cause.line}: ${cause.message}. Nothing was changed. Ask its sender for it again, or take the file away and load the others.`
		);
	}
}

/** The rows of one file by table, written as JSON lines; a row of nobody's carries the rule that refuses it. */
function inputsOf(
	file: PlanFile,
	at: number,
	rows: PlanRow[],
	people: Map<Resource, Whose>,
	folder: string
): GatheredPlans['inputs'] {
	return planTables.flatMap((table) => {
		const own = rows.filter((each) => each.file === at && each.table === table);
		if (!own.length) return [];
		const hasPerson = intakeTable(table).columns.some((column) => column.name === 'person_id');
		const columns = [...(hasPerson ? ['person_id'] : []), ...new Set(own.flatMap((each) => Object.keys(each.values)))];
		const path = join(folder, `plan-${at}-${table}.ndjson`);
		const lines = own.map((each) => {
			const whose = each.patient ? people.get(each.patient)! : ({ refused: 'unknown_person' } as const);
			const isKnown = 'person_id' in whose;
			return JSON.stringify({
				...(hasPerson ? { person_id: isKnown ? whose.person_id : null } : {}),
				...each.values,
				refused: isKnown ? null : ` ${whose.refused}`
			});
		});
		writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
		const input: InputFile = {
			path,
			name: file.name,
			folder: file.folder,
			format: 'json',
			isGzip: false,
			bytes: file.bytes,
			isNamed: true,
			header: columns,
			headerText: '',
			delimiter: ',',
			lineEnd: '\n',
			origin: { path: file.path, sha256: file.sha256, lines: own.map((each) => each.line) }
		};
		return [{ input, table }];
	});
}
