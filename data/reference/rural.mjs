// Derives rural_zip.csv from the raw public file. Run by maintainers, not by users:
//   node data/reference/rural.mjs RAW
// RAW holds reference/ruca2010zip.csv (see README.md).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const raw = process.argv[2];
if (!raw) {
	console.error('usage: node data/reference/rural.mjs RAW');
	process.exit(1);
}
const [header, ...lines] = readFileSync(join(raw, 'reference', 'ruca2010zip.csv'), 'utf8').trim().split(/\r?\n/);
const [zip, ruca] = ['ZIP_CODE', 'RUCA2'].map((name) => header.split(',').indexOf(name));
// The raw file writes 4.1 as 4.0999999999999996.
const rows = lines.map((line) => line.split(',')).map((cells) => [cells[zip], Math.round(Number(cells[ruca]) * 10) / 10]);
const wrong = rows.find(([code, number]) => !/^\d{5}$/.test(code) || !(number >= 1 && number <= 99));
if (wrong || new Set(rows.map(([code]) => code)).size !== rows.length) throw new Error(`not a ZIP code and its RUCA code: ${wrong}`);
rows.sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'rural_zip.csv'), `zip_code,ruca\n${rows.map((row) => row.join(',')).join('\n')}\n`);
console.log(`rural_zip.csv: ${rows.length} rows`);
