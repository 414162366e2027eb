import { expect, test } from 'vitest';
import { load } from '$lib/server/load/load';
import { rejectedRows } from '$lib/server/load/reject';
import { account, drop, fill, fillHeader, fills, intake, lines, newHome } from './home';

// A large file is tried by DuckDB at once and looked through only when it must be; a wide column that nobody knows makes it large.
const wide = 'x'.repeat(2000);
const rows = fills(9000, (at) => `${fill(at)},${wide}`);

test.each([
	['plain', rows, [9000, 9000, 0], []],
	['with blank lines', [...rows.slice(0, 4000), '', '', ...rows.slice(4000)], [9000, 9000, 0], []],
	[
		'with a broken quote and a short row',
		[...rows.slice(0, 5000), 'a,"b', ...rows.slice(5000), '1,2'],
		[9002, 9000, 2],
		[
			[5002, 'broken_quote'],
			[9003, 'too_few_fields']
		]
	]
] as const)('a large file %s: every row on its line', async (_, body, [read, loaded, rejected], bad) => {
	const home = newHome();
	const result = await load(home, [drop({ 'pharmacy_claim.csv': lines(`${fillHeader},remark`, ...body) })]);
	expect(account(result, 'pharmacy_claim')).toEqual([read, loaded, rejected, 0, 0]);
	expect((await rejectedRows(home, 1)).map((row) => [row.line, row.reason])).toEqual(bad);
	const placed = await intake<{ claim_id: string; source_line: number }>(
		home,
		'select claim_id, source_line from pharmacy_claim where claim_id in (0, 3999, 4000, 4999, 5000, 8999) order by source_line'
	);
	expect(placed.map((row) => body[row.source_line - 2]!.startsWith(`${row.claim_id},`))).toEqual(Array(6).fill(true));
});
