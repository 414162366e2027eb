import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load } from '$lib/server/load/load';
import { rejectedRows } from '$lib/server/load/reject';
import { countLines } from '$lib/server/load/line_count';
import { lineOf, scan } from '$lib/server/load/scan';
import { drop, intake, newHome } from '../load/home';

// What is written is known line by line; what is read back must say the same.

type Item = { text: string; fault: string | null; isBlank: boolean };

const word = fc.stringMatching(/^[a-z][a-z0-9 é]{0,8}[a-z]$/);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const cell = fc.oneof(
	word,
	word.map(quoted),
	fc.tuple(word, fc.constantFrom('\n', '\r\n', ',', '""', '\n\n'), word).map(([a, b, c]) => `"${a}${b}${c}"`),
	fc.constantFrom('', '""', '0042')
);
const record = (fields: number) =>
	fc.array(cell, { minLength: fields, maxLength: fields }).map((cells) => cells.join(','));
const item: fc.Arbitrary<Item> = fc.oneof(
	{ weight: 8, arbitrary: record(3).map((text) => ({ text, fault: null, isBlank: false })) },
	{ weight: 1, arbitrary: fc.constantFrom('', '  ').map((text) => ({ text, fault: null, isBlank: true })) },
	{
		weight: 1,
		arbitrary: fc.tuple(word, word).map((cells) => ({ text: cells.join(','), fault: 'too_few_fields', isBlank: false }))
	},
	{
		weight: 1,
		arbitrary: record(4)
			.filter((text) => !/[\r\n]/.test(text))
			.map((text) => ({ text, fault: 'too_many_fields', isBlank: false }))
	},
	{
		weight: 1,
		arbitrary: fc.tuple(word, word).map(([a, b]) => ({ text: `${a},"${b},x`, fault: 'broken_quote', isBlank: false }))
	},
	{
		weight: 1,
		arbitrary: fc.tuple(word, word).map(([a, b]) => ({ text: `${a},"${b}"y,x`, fault: 'broken_quote', isBlank: false }))
	}
);
// A record of three empty cells is two commas, a record all the same.
const file = fc.record({
	items: fc.array(item, { maxLength: 30 }),
	end: fc.constantFrom('\n', '\r\n'),
	isEnded: fc.boolean(),
	hasMark: fc.boolean()
});

function written({ items, end, isEnded, hasMark }: typeof file extends fc.Arbitrary<infer T> ? T : never) {
	let line = 2;
	const good: number[] = [];
	const bad: { line: number; fault: string }[] = [];
	for (const each of items) {
		if (each.fault) bad.push({ line, fault: each.fault });
		else if (!each.isBlank) good.push(line);
		line += 1 + (each.text.match(/\n/g)?.length ?? 0);
	}
	const text = ['a,b,c', ...items.map((each) => each.text)].join(end) + (isEnded ? end : '');
	return { text: (hasMark ? '\uFEFF' : '') + text, good, bad };
}

const place = mkdtempSync(join(tmpdir(), 'mtm-law-'));

test('the scan finds every record, its line and every broken one, however the file is cut into reads', async () => {
	await fc.assert(
		fc.asyncProperty(file, fc.integer({ min: 1, max: 64 }), async (made, chunk) => {
			const { text, good, bad } = written(made);
			const path = join(place, 'scan.csv');
			writeFileSync(path, text);
			const seen = await scan(path, { isGzip: false, chunk: Math.max(chunk, 4) });
			expect(seen.header).toEqual(['a', 'b', 'c']);
			expect(seen.rows).toBe(good.length);
			expect(good.map((_, row) => lineOf(seen.lines, row))).toEqual(good);
			expect(seen.bad).toEqual(bad);
			expect(seen.sha256).toBe(createHash('sha256').update(text).digest('hex'));
			const counted = await countLines(path, { isGzip: false });
			expect([counted.sha256, counted.lines]).toEqual([
				seen.sha256,
				text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
			]);
		}),
		{ numRuns: Number(process.env.MTM_RUNS ?? 1500) }
	);
});

test('what stands in the table stands on its line of the file, and what was rejected too', async () => {
	await fc.assert(
		fc.asyncProperty(file, async (made) => {
			const { text, good, bad } = written({
				...made,
				items: made.items.map((each, at) => ({
					...each,
					text: each.fault || each.isBlank ? each.text : each.text.replace(/^("[^"]*(""[^"]*)*"|[^,"\n]*)/, `id${at}`)
				}))
			});
			const home = newHome();
			await load(home, [drop({ 'lab_result.csv': text.replace('a,b,c', 'person_id,result,source_units') })], {
				maxRejects: 100
			});
			const rows = await intake<{ source_line: number }>(home, 'select source_line from lab_result order by 1');
			const rejects = await rejectedRows(home, 1);
			expect(rows.map((row) => row.source_line)).toEqual(good);
			expect(rejects.map((row) => ({ line: row.line, fault: row.reason }))).toEqual(bad);
		}),
		{ numRuns: Number(process.env.MTM_RUNS ?? 1500) / 100 }
	);
});

describe('versions', () => {
	const row = fc.record({
		id: fc.constantFrom('1', '2', '3'),
		line: fc.constantFrom('1', '2'),
		status: fc.constantFrom('paid', 'paid', 'adjusted', 'reversed'),
		days: fc.constantFrom('30', '60', '90')
	});

	test('in whatever order and loads the files come, the same rows are current: the latest received of each key, reversals apart', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(row, { minLength: 1, maxLength: 12 }),
				fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
				fc.nat(1000),
				async (made, split, turn) => {
					// A later row of the list was received on a later day, so that every version has a rank of its own.
					const rows = made.map((each, at) => ({ ...each, received: `2025-01-${String(at + 1).padStart(2, '0')}` }));
					const latest = new Map<string, (typeof rows)[number]>();
					for (const each of rows) latest.set(`${each.id} ${each.line} ${each.status === 'reversed'}`, each);
					const wanted = [...latest.values()]
						.map((each) => `${each.id} ${each.line} ${each.status} ${each.days} ${each.received}`)
						.sort();
					const shuffled = [...rows].sort(
						(a, b) =>
							((Number(a.received.slice(-2)) * 7919 + turn) % 13) - ((Number(b.received.slice(-2)) * 7919 + turn) % 13)
					);
					const home = newHome();
					for (const part of [0, 1, 2]) {
						// Each file brings one row of the file before again: a duplicate.
						const chosen = shuffled.filter(
							(_, at) => split[at] === part || (part > 0 && split[at] === part - 1 && at % 3 === 0)
						);
						if (!chosen.length) continue;
						await load(home, [
							drop({
								'pharmacy_claim.csv': `claim_id,claim_line_number,person_id,dispensing_date,ndc_code,days_supply,claim_status,received_date\n${chosen
									.map(
										(each) =>
											`${each.id},${each.line},007,2025-01-01,00071015523,${each.days},${each.status},${each.received}`
									)
									.join('\n')}\n`
							})
						]);
					}
					const current = await intake<Record<string, unknown>>(
						home,
						'select claim_id, claim_line_number, claim_status, days_supply, received_date from pharmacy_claim'
					);
					expect(current.map((each) => Object.values(each).join(' ')).sort()).toEqual(wanted);
				}
			),
			{ numRuns: Number(process.env.MTM_RUNS ?? 1500) / 150 }
		);
	});
});
