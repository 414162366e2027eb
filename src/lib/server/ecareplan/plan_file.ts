import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Element } from '$lib/domain/ecareplan/element';
import type { Resource } from '$lib/domain/ecareplan/plan';
import { gate } from '$lib/server/trouble';
import { documentsOf, UnreadablePlan, versionsOf } from './document';
import { readJson, readNdjson, readXml } from './read';

/** One file of care plans as it lies on the disk. */
export type PlanFile = {
	path: string;
	name: string;
	/** The folder's name: its data source where the asker names none. */
	folder: string;
	bytes: number;
	sha256: string;
	/** STU3, R4, or both where nothing tells. */
	version: string;
	resources: number;
};

/** What is in a plan file: its Bundles, each whole by itself, and resources that other files of the folder may name. */
export type PlanContent = { documents: Resource[][]; loose: Resource[] };

const formats: [RegExp, 'xml' | 'json' | 'ndjson'][] = [
	[/\.xml(\.gz)?$/i, 'xml'],
	[/\.json(\.gz)?$/i, 'json'],
	[/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson']
];
/** A file is held in memory while it is read. */
const mostBytes = 200 << 20;

/** Whether a file's name is that of a care plan. */
export const isPlanName = (path: string) => formats.some(([pattern]) => pattern.test(path));

/** One file of care plans, the `at`th of its load; throws (exit 2) for one that is broken, too large or of another version of FHIR. */
export async function readPlanFile(path: string, at: number): Promise<{ file: PlanFile; content: PlanContent }> {
	const format = formats.find(([pattern]) => pattern.test(path))![1];
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
			documents: documentsOf(root, at, format === 'ndjson' ? `line[${line}].` : '')
		}));
		const resources = read.flatMap((each) => each.documents.flat());
		return {
			file: {
				path,
				name,
				folder: basename(dirname(path)) || 'files',
				bytes: size,
				sha256: createHash('sha256').update(bytes).digest('hex'),
				version: versionsOf(resources).join(' and ') || 'STU3 or R4',
				resources: resources.length
			},
			content: {
				documents: read.filter(({ root }) => root.name === 'Bundle').flatMap((each) => each.documents),
				loose: read.filter(({ root }) => root.name !== 'Bundle').flatMap((each) => each.documents.flat())
			}
		};
	} catch (cause) {
		if (!(cause instanceof UnreadablePlan)) throw cause;
		throw gate(
			`${name}, line ${cause.line}: ${cause.message}. Nothing was changed. Ask its sender for it again, or take the file away and load the others.`
		);
	}
}
