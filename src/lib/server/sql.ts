const texts = import.meta.glob('/sql/**/*.sql', { query: '?raw', import: 'default', eager: true }) as Record<
	string,
	string
>;

export type SqlFile = { name: string; path: string; text: string };

/** The SQL files of one folder of sql/ (such as 'facts' or 'layouts/synpuf'), by name. */
export function sqlFiles(folder: string): SqlFile[] {
	const start = `/sql/${folder}/`;
	return Object.entries(texts)
		.filter(([path]) => path.startsWith(start) && !path.slice(start.length).includes('/'))
		.map(([path, text]) => ({ name: path.slice(start.length, -'.sql'.length), path: path.slice(1), text }))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One SQL file by folder and name; throws when there is none. */
export function sqlFile(folder: string, name: string): SqlFile {
	const text = texts[`/sql/${folder}/${name}.sql`];
	if (text === undefined) throw new Error(`there is no sql/${folder}/${name}.sql`);
	return { name, path: `sql/${folder}/${name}.sql`, text };
}
