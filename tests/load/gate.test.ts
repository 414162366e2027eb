import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listLoads, rollback } from '$lib/server/load/history';
import { load, validate } from '$lib/server/load/load';
import { account, drop, fill, fillHeader, fills, intake, lines, newHome, stopped } from './home';

const withBad = (rows: number, bad: number) =>
	drop({ 'pharmacy_claim.csv': lines(fillHeader, ...fills(rows, (at) => fill(at, { days: at < bad ? '0' : '30' }))) });

describe('the share of rejects', () => {
	test.each([
		[9, 8, true],
		[10, 2, true],
		[10, 3, false],
		[999, 199, true],
		[999, 200, false],
		[1000, 10, true],
		[1000, 11, false]
	])('%i rows with %i bad pass: %j', async (rows, bad, passes) => {
		const home = newHome();
		if (passes) {
			expect(account(await load(home, [withBad(rows, bad)]), 'pharmacy_claim')).toEqual([rows, rows - bad, bad, 0, 0]);
			return;
		}
		const { stops } = await stopped(home, withBad(rows, bad));
		expect(stops[0]).toMatchObject({ file: 'pharmacy_claim.csv', rule: 'days_supply_out_of_range', share: bad / rows });
		expect(listLoads(home)).toEqual([]);
		expect(readdirSync(home.loads)).toEqual([]);
	});

	test.each([
		[2.2, true],
		[2.1, false]
	])('a limit of %d%% lets 22 of 1000 pass: %j', async (maxRejects, passes) => {
		const folder = withBad(1000, 22);
		if (passes) await load(newHome(), [folder], { maxRejects });
		else await stopped(newHome(), folder, { maxRejects });
	});
});

test('a required column that is not there, or empty in every row, stops the load and says what it costs', async () => {
	const empty = drop({ 'pharmacy_claim.csv': lines(fillHeader, ...fills(50, (at) => fill(at, { days: '' }))) });
	const { stops } = await stopped(newHome(), empty, { maxRejects: 100 });
	expect(stops.map((stop) => stop.message)).toEqual([
		'pharmacy_claim.csv: days_supply is empty in 100% of 50 rows: no adherence can be computed.'
	]);
	const absent = drop({
		'pharmacy_claim.csv': lines('claim_id,person_id,dispensing_date,ndc_code', '1,007,2025-01-01,00071015523')
	});
	expect((await stopped(newHome(), absent)).stops[0]!.message).toContain('no column days_supply');
	const nothing = drop({ 'pharmacy_claim.csv': '' });
	expect((await stopped(newHome(), nothing)).stops.length).toBe(5);
});

test('one bad file stops the good ones with it', async () => {
	const home = newHome();
	const folder = drop({
		'eligibility.csv': lines(
			'person_id,birth_date,enrollment_start_date,enrollment_end_date',
			'1,1950-01-01,2025-01-01,2025-12-31'
		),
		'pharmacy_claim.csv': lines(fillHeader, ...fills(10, (at) => fill(at, { ndc: 'x' })))
	});
	await stopped(home, folder);
	expect(await intake(home, 'select * from eligibility')).toEqual([]);
});

describe('what a file is', () => {
	test('an unknown data file is named and nothing is loaded; what shares no column with any table is skipped in a folder', async () => {
		const home = newHome();
		const odd = drop({ 'what.csv': lines('claim_id,person_id,thing', '1,2,3') });
		await expect(load(home, [odd])).rejects.toMatchObject({ exit: 1, message: expect.stringContaining('what.csv') });
		const mixed = drop({
			'schema.csv': lines('TABLE,TITLE', 'a,b'),
			'notes.md': 'hello',
			'pharmacy_claim.csv': lines(fillHeader, fill(1))
		});
		const result = await load(home, [mixed]);
		expect(result.skipped.map((each) => each.path.replace(/.*\//, '')).sort()).toEqual(['notes.md', 'schema.csv']);
		await expect(load(home, [join(mixed, 'acme', 'schema.csv')])).rejects.toMatchObject({ exit: 1 });
		await expect(load(home, [join(mixed, 'not there')])).rejects.toMatchObject({ exit: 1 });
	});

	test.each([
		['pharmacy_claim_2025-03.csv', fillHeader, 'pharmacy_claim'],
		['Acme Pharmacy-Claims.csv', fillHeader, 'pharmacy_claim'],
		['chain_pharmacy_dispensing.csv', fillHeader, 'pharmacy_claim'],
		['x.csv', fillHeader, 'pharmacy_claim'],
		['pharmacy.csv', 'npi,name,store_number', 'pharmacy'],
		[
			'mtm_claim.csv',
			'claim_id,claim_line_number,person_id,service_date,procedure_code,units,paid_amount,claim_status',
			'mtm_claim'
		],
		['members.csv', 'person_id,birth_date,enrollment_start_date,enrollment_end_date', 'eligibility']
	])('%s is known', async (name, header, table) => {
		const result = await validate(newHome(), [drop({ [name]: lines(header) })]);
		expect(result.files[0]!.table).toBe(table);
	});
});

describe('an id that several persons have', () => {
	const sessions = (rows: [id: string, person: number][]) =>
		drop({
			'mtm_service.csv': lines(
				'service_id,person_id,service_type,service_date,status',
				...rows.map(([id, person]) => `${id},${person},cmr,2025-03-04,completed`)
			)
		});
	const among = (shared: number, of: number): [string, number][] =>
		Array.from({ length: of }, (_, at) => [at < shared ? 'visit-1' : `own-${at}`, at]);

	test.each([
		[2, 10, false],
		[3, 10, true],
		[10, 1000, false],
		[11, 1000, true]
	])('%i of %i rows', async (shared, of, stops) => {
		if (stops) {
			const result = await stopped(newHome(), sessions(among(shared, of)));
			expect(result.stops.map((each) => [each.rule, each.column, each.share])).toEqual([
				['id_of_several', 'service_id', shared / of]
			]);
			expect(result.stops[0]!.message).toContain('Only the last row of each service_id would count');
		} else {
			const home = newHome();
			const result = await load(home, [sessions(among(shared, of))]);
			expect(result.files[0]!.warnings).toMatchObject([{ rule: 'id_of_several', column: 'service_id', rows: shared }]);
			expect(await intake(home, 'select count(*) as rows from mtm_service')).toEqual([{ rows: of - shared + 1 }]);
		}
	});

	test('--max-rejects lets them go; a session sent again is no such thing, one of an earlier load with another patient is', async () => {
		const home = newHome();
		await load(home, [sessions(among(3, 10))], { maxRejects: 30 });
		const again = await load(home, [
			sessions([
				['own-5', 5],
				['own-6', 7]
			])
		]);
		expect(again.files[0]!.warnings).toMatchObject([{ rule: 'id_of_several', rows: 1 }]);
		expect(again.files[0]).toMatchObject({ read: 2, loaded: 1, duplicate: 1 });
		expect(await intake(home, "select person_id from mtm_service where service_id = 'own-6'")).toEqual([
			{ person_id: '7' }
		]);
	});

	test('two sources may use one id for two persons', async () => {
		const home = newHome();
		await load(home, [sessions(among(1, 1))], { source: 'one' });
		const other = await load(home, [sessions([['visit-1', 2]])], { source: 'two' });
		expect(other.files[0]!.warnings).toEqual([]);
	});
});

describe('a roster is a snapshot', () => {
	const header = 'person_id,birth_date,enrollment_start_date,enrollment_end_date';
	const people = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, at) => `${from + at},1950-01-01,2025-01-01,2025-12-31`);
	const roster = (from: number, to: number, folder = 'acme') =>
		drop({ [`${folder}/eligibility.csv`]: lines(header, ...people(from, to)) });
	const ids = async (home: ReturnType<typeof newHome>) =>
		(
			await intake<{ ids: number[] }>(
				home,
				'select list(person_id::integer order by person_id::integer) as ids from eligibility'
			)
		)[0]!.ids;

	test('the last one replaces the one before; 5% may vanish, more may not unless --replace or --append says so', async () => {
		const home = newHome();
		await load(home, [roster(0, 100)]);
		await load(home, [roster(0, 10, 'other')]);
		const five = await load(home, [roster(5, 100)]);
		expect(account(five, 'eligibility')).toEqual([95, 95, 0, 0, 0]);
		expect(five.vanished).toEqual([{ table: 'eligibility', data_source: 'acme', before: 100, vanished: 5 }]);
		expect((await ids(home)).length).toBe(105);
		const { stops } = await stopped(home, roster(11, 100));
		expect(stops[0]).toMatchObject({ rule: 'roster_shrinks', table: 'eligibility' });
		await load(home, [roster(200, 203)], { append: true });
		expect((await ids(home)).length).toBe(108);
		// What --append adds and what was there are compared: the same row twice is a duplicate.
		expect(
			account(
				await load(home, [drop({ 'eligibility_2.csv': lines(header, ...people(202, 204)) })], { append: true }),
				'eligibility'
			)
		).toEqual([2, 1, 0, 1, 0]);
		expect((await ids(home)).length).toBe(109);
		await load(home, [roster(50, 60)], { replace: true });
		expect(await ids(home)).toEqual([
			...Array.from({ length: 10 }, (_, at) => at),
			...Array.from({ length: 10 }, (_, at) => 50 + at)
		]);
		await rollback(home, 6, 'tester');
		expect((await ids(home)).length).toBe(109);
	});

	test('two files of one load are one snapshot, and the same row twice in it is a duplicate', async () => {
		const home = newHome();
		const result = await load(home, [
			drop({
				'eligibility_a.csv': lines(header, ...people(0, 10)),
				'eligibility_b.csv': lines(header, ...people(9, 20))
			})
		]);
		expect(result.files.map((file) => [file.loaded, file.duplicate])).toEqual([
			[10, 0],
			[10, 1]
		]);
		expect((await ids(home)).length).toBe(20);
	});

	test('a roster of two files, one of them unchanged, keeps the unchanged one', async () => {
		const home = newHome();
		const folder = drop({
			'eligibility_a.csv': lines(header, ...people(0, 10)),
			'eligibility_b.csv': lines(header, ...people(10, 20))
		});
		await load(home, [folder]);
		writeFileSync(join(folder, 'acme', 'eligibility_b.csv'), lines(header, ...people(10, 22)));
		await load(home, [folder]);
		expect((await ids(home)).length).toBe(22);
	});
});

describe('the same bytes', () => {
	test('load once; a mixed load takes the new files; a rolled back load does not count', async () => {
		const home = newHome();
		const folder = drop({ 'pharmacy_claim_1.csv': lines(fillHeader, fill(1)) });
		await load(home, [folder]);
		expect(await load(home, [folder])).toMatchObject({
			verdict: 'already_loaded',
			already: [{ name: 'pharmacy_claim_1.csv', load_id: 1 }]
		});
		writeFileSync(join(folder, 'acme', 'pharmacy_claim_2.csv'), lines(fillHeader, fill(2)));
		const mixed = await load(home, [folder]);
		expect([mixed.load_id, mixed.files.map((file) => file.name)]).toEqual([2, ['pharmacy_claim_2.csv']]);
		await rollback(home, 1, 'tester');
		expect((await load(home, [folder])).load_id).toBe(3);
		expect(listLoads(home).map((each) => each.state)).toEqual(['rolled_back', 'active', 'active']);
	});

	test('twice in one load: the second file is all duplicates', async () => {
		const body = lines(fillHeader, ...fills(3));
		const result = await load(newHome(), [drop({ 'pharmacy_claim_a.csv': body, 'pharmacy_claim_b.csv': body })]);
		expect(result.files.map((file) => [file.loaded, file.duplicate])).toEqual([
			[3, 0],
			[0, 3]
		]);
	});

	test('two vendors may both have a claim 1', async () => {
		const home = newHome();
		const body = lines(fillHeader, fill(1));
		await load(home, [drop({ 'a/pharmacy_claim.csv': body, 'b/pharmacy_claim.csv': body })]);
		expect(await intake(home, 'select data_source from pharmacy_claim order by 1')).toEqual([
			{ data_source: 'a' },
			{ data_source: 'b' }
		]);
	});
});

test('rolling an earlier load back keeps what a later load brought again', async () => {
	const home = newHome();
	await load(home, [drop({ 'pharmacy_claim.csv': lines(fillHeader, fill(1), fill(2)) })]);
	const again = await load(home, [drop({ 'pharmacy_claim.csv': lines(fillHeader, fill(2), fill(3)) })]);
	expect(account(again, 'pharmacy_claim')).toEqual([2, 1, 0, 1, 0]);
	await rollback(home, 1, 'tester');
	expect((await intake(home, 'select claim_id from pharmacy_claim order by 1')).map((row) => row.claim_id)).toEqual([
		'2',
		'3'
	]);
});

test('a rollback restores the tables to the row, and who did it stands in the history', async () => {
	const home = newHome();
	const header = `${fillHeader},claim_status,received_date`;
	await load(home, [
		drop({ 'pharmacy_claim.csv': lines(header, `${fill(1)},paid,2025-01-02`, `${fill(2)},paid,2025-01-02`) })
	]);
	const before = await intake(home, 'select * from pharmacy_claim order by all');
	await load(home, [
		drop({
			'pharmacy_claim.csv': lines(
				header,
				`${fill(1, { days: '90' })},paid,2025-02-02`,
				`${fill(2)},reversed,2025-02-02`
			)
		})
	]);
	expect(await intake(home, 'select * from pharmacy_claim order by all')).not.toEqual(before);
	await rollback(home, 2, 'tester');
	expect(await intake(home, 'select * from pharmacy_claim order by all')).toEqual(before);
	expect(listLoads(home)[1]).toMatchObject({ state: 'rolled_back', rolled_back_by: 'tester' });
	await expect(rollback(home, 2, 'tester')).rejects.toMatchObject({ exit: 1 });
	await expect(rollback(home, 9, 'tester')).rejects.toMatchObject({ exit: 1 });
});

test('what is doubtful is loaded and counted by rule', async () => {
	const home = newHome();
	await load(home, [
		drop({
			'eligibility.csv': lines(
				'person_id,birth_date,death_date,enrollment_start_date,enrollment_end_date',
				'007,1950-01-01,2025-03-31,2025-01-01,2025-12-31',
				'008,1950-01-01,,2025-01-01,2025-06-30'
			)
		})
	]);
	const result = await load(home, [
		drop({
			'pharmacy_claim.csv': lines(
				`${fillHeader},dispensing_provider_npi,drug_coverage_status,claim_status,original_claim_id`,
				`${fill(1, { day: '2025-03-31' })},1234567893,C,,`,
				`${fill(2, { day: '2025-04-01' })},1234567890,Z,,`,
				`${fill(3, { person: '008', day: '2025-07-01' })},,,,`,
				`${fill(4, { person: '009', day: '2999-01-01' })},,,,`,
				`${fill(5, { person: '009', quantity: '0' })},,,,`,
				`${fill(6, { person: '009' })},,,reversed,nothing`,
				`${fill(7, { person: '009' })},,,reversed,1`,
				`${fill(8, { person: '009', ndc: '99999-9999-99' })},,,,`
			)
		})
	]);
	const warned = Object.fromEntries(result.files[0]!.warnings.map((each) => [each.rule, each.rows]));
	expect(warned).toMatchObject({
		after_death: 1,
		after_coverage: 1,
		after_today: 1,
		unmapped_ndc: 1,
		quantity_days: 1,
		unknown_code: 1,
		check_digit: 1,
		reversal_without_original: 1
	});
	expect(account(result, 'pharmacy_claim')).toEqual([8, 8, 0, 0, 0]);
	for (const each of result.files[0]!.warnings) expect(each.effect).not.toBe('');
});

test('a load of half the usual rows is remarked on', async () => {
	const home = newHome();
	for (const month of [1, 2, 3])
		await load(home, [drop({ 'pharmacy_claim.csv': lines(fillHeader, ...fills(20, (at) => fill(`${month}-${at}`))) })]);
	const result = await load(home, [
		drop({ 'pharmacy_claim.csv': lines(fillHeader, ...fills(10, (at) => fill(`4-${at}`))) })
	]);
	expect(result.files[0]!.warnings.find((each) => each.rule === 'few_rows')?.sentence).toBe(
		'10 rows; 20 to 20 came before'
	);
});

test('what a killed load left behind is no load and goes with the next one', async () => {
	const home = newHome();
	await load(home, [drop({ 'pharmacy_claim.csv': lines(fillHeader, fill(1)) })]);
	mkdirSync(join(home.loads, '.tmp-1-x'));
	expect(listLoads(home).length).toBe(1);
	await load(home, [drop({ 'pharmacy_claim.csv': lines(fillHeader, fill(2)) })]);
	expect(readdirSync(home.loads).sort()).toEqual(['0001', '0002']);
});
