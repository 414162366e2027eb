import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '$lib/server/duckdb';

const root = process.cwd();

function files(folder: string): string[] {
	return readdirSync(join(root, folder)).flatMap((entry) => {
		const path = join(folder, entry);
		return statSync(join(root, path)).isDirectory() ? files(path) : [path.split(sep).join('/')];
	});
}
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const code = files('src').filter((path) => /\.(ts|js|svelte)$/.test(path));

/** The floor a file stands on; a file may lean on lower floors only. */
const floorOf = (path: string) =>
	path.startsWith('src/lib/domain/')
		? 'domain'
		: path.startsWith('src/lib/charts/')
			? 'charts'
			: path.startsWith('src/lib/ui/')
				? 'ui'
				: path.startsWith('src/lib/server/')
					? 'server'
					: path.startsWith('src/cli/')
						? 'door'
						: /\/\+(page|layout)\.server\.ts$|\/\+server\.ts$|hooks\.server\.ts$/.test(path) ||
							  // What a door knows of who looks, as types alone.
							  path === 'src/app.d.ts' ||
							  (path.startsWith('src/routes/') && path.endsWith('.server.ts'))
							? 'door'
							: 'page';
const mayUse: Record<string, string[]> = {
	domain: ['domain'],
	charts: ['charts', 'domain'],
	ui: ['ui', 'charts', 'domain'],
	server: ['server', 'domain'],
	door: ['door', 'server', 'domain', 'ui', 'charts'],
	page: ['page', 'ui', 'charts', 'domain']
};

const imports = (path: string) =>
	[
		...text(path).matchAll(/^\s*import\s(type\s)?[^'"]*?['"]([^'"]+)['"]|^\s*export\s.*?from\s+['"]([^'"]+)['"]/gms)
	].map((match) => ({
		from: (match[2] ?? match[3])!,
		typeOnly: Boolean(match[1])
	}));

test('imports run one way: pages to ui to charts to domain, doors to server to domain', () => {
	const wrong: string[] = [];
	for (const path of code)
		for (const { from } of imports(path)) {
			if (!from.startsWith('$lib/')) continue;
			const floor = floorOf(path);
			const target = floorOf(`src/lib/${from.slice('$lib/'.length)}`);
			if (!mayUse[floor]!.includes(target)) wrong.push(`${path} (${floor}) uses ${from} (${target})`);
		}
	expect(wrong).toEqual([]);
});

test('the domain leans on nothing outside itself', () => {
	const wrong = code
		.filter((path) => path.startsWith('src/lib/domain/'))
		.flatMap((path) =>
			imports(path)
				.filter(({ from }) => !from.startsWith('./') && !from.startsWith('$lib/domain/'))
				.map(({ from }) => `${path}: ${from}`)
		);
	expect(wrong).toEqual([]);
});

test('no circle of imports', () => {
	const known = new Set(code);
	const edges = new Map(
		code.map((path) => [
			path,
			imports(path)
				.filter(({ typeOnly }) => !typeOnly)
				.map(({ from }) => {
					const base = from.startsWith('$lib/')
						? `src/lib/${from.slice(5)}`
						: from.startsWith('.')
							? relative(root, join(root, path, '..', from))
									.split(sep)
									.join('/')
							: '';
					return [base, `${base}.ts`, `${base}.js`].find((candidate) => known.has(candidate)) ?? '';
				})
				.filter(Boolean)
		])
	);
	const done = new Set<string>();
	const walk = (path: string, trail: string[]) => {
		if (trail.includes(path)) throw new Error(`circle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
		if (done.has(path)) return;
		for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
		done.add(path);
	};
	for (const path of code) walk(path, []);
});

test('no file is named for what it is not', () => {
	const vague = /(^|\/)(utils?|helpers?|common|shared|misc|types|constants|manager|service|index)\.(ts|js|svelte)$/;
	expect(code.filter((path) => vague.test(path))).toEqual([]);
});

test('only what was agreed stands at the top', () => {
	const top = new Set(
		execFileSync('git', ['ls-files'], { encoding: 'utf8' })
			.trim()
			.split('\n')
			.map((path) => path.split('/')[0]!)
	);
	const agreed =
		/^(\..*|package\.json|package-lock\.json|tsconfig\.json|svelte\.config\.js|vite\.config\.ts|src|data|sql|tests|README\.md|LICENSE|CHANGELOG\.md)$/;
	expect([...top].filter((entry) => !agreed.test(entry))).toEqual([]);
});

test('no SQL asks a correlated exists: DuckDB answers it with wrong rows', () => {
	const wrong = files('sql').filter((path) => /\bexists\s*\(/i.test(text(path).replace(/--.*$/gm, '')));
	const inCode = code.filter((path) => /`[^`]*\b(not\s+)?exists\s*\(\s*select/is.test(text(path)));
	expect([...wrong, ...inCode]).toEqual([]);
});

test('no SQL sums over a window of everything: DuckDB can fail on it, and its whole database with it', () => {
	const wrong = files('sql').filter((path) =>
		/\b(count|sum|min|max|avg)\([^()]*(\([^()]*\))?[^()]*\)\s+over\s*\(\s*\)/i.test(text(path))
	);
	expect(wrong).toEqual([]);
});

test('pages ask panels that are there, and each panel is asked', () => {
	const panels = files('sql/panels').map((path) => path.split('/').pop()!.replace('.sql', ''));
	const sources = code.map((path) => text(path));
	const asked = sources.flatMap((source) =>
		[...source.matchAll(/\bask(?:<[^(]*>)?\(\s*[\w.]+,\s*'(\w+)'/g)].map(([, panel]) => panel!)
	);
	expect(asked.length).toBeGreaterThan(50);
	expect(asked.filter((panel) => !panels.includes(panel))).toEqual([]);
	expect(panels.filter((panel) => !sources.some((source) => source.includes(`'${panel}'`)))).toEqual([]);
});

// Lower floors of sql/ may not read higher ones: intake <- facts <- measures <- lists <- panels.
test('SQL reads downward only', async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	const order = ['intake', 'facts', 'measures', 'audit_rules', 'lists', 'published', 'panels'];
	const home = new Map<string, number>();
	for (const [floor, folder] of order.entries())
		for (const path of files(`sql/${folder}`).filter((file) => file.endsWith('.sql')))
			home.set(
				path.split('/').pop()!.replace('.sql', ''),
				Math.min(floor, home.get(path.split('/').pop()!.replace('.sql', '')) ?? 99)
			);
	const wrong: string[] = [];
	for (const [floor, folder] of order.entries()) {
		if (folder === 'intake' || folder === 'panels') continue;
		for (const path of files(`sql/${folder}`).filter((file) => file.endsWith('.sql'))) {
			const body = text(path).replace(/--.*$/gm, '').trim().replace(/;\s*$/, '');
			// A rule of the audit that is never run is a card alone.
			if (body === '' && folder === 'audit_rules') continue;
			const { json } = await connection.row<{ json: string }>('select json_serialize_sql($sql::varchar) as json', {
				sql: body
			});
			const own = path.split('/').pop()!.replace('.sql', '');
			for (const [, table] of json.matchAll(/"table_name":"([^"]+)"/g)) {
				const at = home.get(table!);
				if (at !== undefined && at > floor && table !== own) wrong.push(`${path} reads ${table} of sql/${order[at]}`);
			}
		}
	}
	database.close();
	expect(wrong).toEqual([]);
});
