import { describe, expect, test } from 'vitest';
import { load, validate } from '$lib/server/load/load';
import { exportRejects, rejectedRows } from '$lib/server/load/reject';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { account, drop, fill, fillHeader, fills, intake, lines, newHome } from './home';

const roster = lines(
	'person_id,birth_date,enrollment_start_date,enrollment_end_date',
	'007,1950-05-01,2024-01-01,2025-12-31',
	'008,1951-05-01,2024-01-01,2025-12-31'
);

describe('ten bad rows among good ones', () => {
	const bad = [
		['b1,007,2026-13-40,00071015523,30,30', 'dispensing_date', 'unreadable_date'],
		['b2,007,2025-01-01,00071015523,30,0', 'days_supply', 'days_supply_out_of_range'],
		['b3,007,2025-01-01,00071015523,30,-5', 'days_supply', 'days_supply_out_of_range'],
		['b4,007,2025-01-01,00071015523,30,900', 'days_supply', 'days_supply_out_of_range'],
		['b5,007,2025-01-01,00071015523,thirty,30', 'quantity', 'not_a_number'],
		[',007,2025-01-01,00071015523,30,30', 'claim_id', 'missing'],
		['b7,007,2025-01-01,00071015523,30,30,more', null, 'too_many_fields'],
		['b8,"007,2025-01-01,00071015523,30,30', null, 'broken_quote'],
		['b9,008,1951-04-30,00071015523,30,30', 'dispensing_date', 'before_birth'],
		['b10,007,2025-01-01, ,30,30', 'ndc_code', 'missing']
	] as const;
	const body = bad.flatMap(([row], at) => [row, fill(`g${at}`, { person: `"00${7 + (at % 2)}"` })]);

	test('exactly those are rejected, with file, line, column, reason and text; mended, they load and count once', async () => {
		const home = newHome();
		const folder = drop({ 'pharmacy_claim.csv': lines(fillHeader, ...body), 'eligibility.csv': roster });
		const result = await load(home, [folder], { maxRejects: 60 });
		expect(account(result, 'pharmacy_claim')).toEqual([20, 10, 10, 0, 0]);
		const rejects = await rejectedRows(home, 1);
		expect(rejects.map(({ file, line, column, reason, raw }) => ({ file, line, column, reason, raw }))).toEqual(
			bad.map(([raw, column, reason], at) => ({ file: 'pharmacy_claim.csv', line: 2 + 2 * at, column, reason, raw }))
		);
		expect(
			(await intake<{ source_line: number }>(home, 'select source_line from pharmacy_claim order by 1')).map(
				(row) => row.source_line
			)
		).toEqual(bad.map((_, at) => 3 + 2 * at));

		const out = join(folder, 'mended.csv');
		const [written] = await exportRejects(home, 1, out);
		expect(written!.rows).toBe(10);
		const [header, ...rows] = readFileSync(out, 'utf8').trimEnd().split('\n');
		expect(header).toBe(`${fillHeader},reject_reason`);
		expect(rows[0]).toBe(`${bad[0][0]},"unreadable_date: dispensing_date is not a day written YYYY-MM-DD"`);
		writeFileSync(out, lines(header!, ...bad.map((_, at) => `${fill(`m${at}`)},mended`)));
		const again = await load(home, [out]);
		expect(account(again, 'pharmacy_claim')).toEqual([10, 10, 0, 0, 0]);
		// It mends a file of acme, so it belongs to acme.
		expect(await intake(home, 'select data_source, count(*) as rows from pharmacy_claim group by 1')).toEqual([
			{ data_source: 'acme', rows: 20 }
		]);
	});

	test('a birth learnt from an earlier load counts too', async () => {
		const home = newHome();
		await load(home, [drop({ 'eligibility.csv': roster })]);
		const claims = drop({
			'pharmacy_claim.csv': lines(
				fillHeader,
				fill(1, { person: '008', day: '1951-04-30' }),
				fill(2, { person: '008', day: '1951-05-01' })
			)
		});
		expect(account(await load(home, [claims]), 'pharmacy_claim')).toEqual([2, 1, 1, 0, 0]);
	});
});

test.each([
	['days_supply', '0', false],
	['days_supply', '1', true],
	['days_supply', '366', true],
	['days_supply', '367', false],
	['days_supply', '30.0', true],
	['days_supply', '30.5', false],
	['days_supply', 'NaN', false],
	['quantity', '1e400', false],
	['quantity', 'inf', false],
	['quantity', '', true],
	['quantity', '0.5', true],
	['ndc_code', '123456789', true],
	['ndc_code', '12345678', false],
	['ndc_code', '00071-0155-23', true],
	['ndc_code', '123456789012', false],
	['ndc_code', '0007101552X', false],
	['dispensing_date', '2024-02-29', true],
	['dispensing_date', '2025-02-29', false],
	['dispensing_date', '2025-01-01T00:00:00Z', true],
	['dispensing_date', '01/02/2025', false],
	['dispensing_date', '2025-1-5', false],
	['dispensing_date', '20250105', false],
	['dispensing_date', 'infinity', false],
	['person_id', '', false],
	['person_id', ' ', false]
])('%s %j loads: %j', async (column, value, loads) => {
	const cells: Record<string, string> = {
		claim_id: '1',
		person_id: '007',
		dispensing_date: '2025-01-01',
		ndc_code: '00071015523',
		quantity: '30',
		days_supply: '30'
	};
	const good = fill(2);
	const result = await validate(newHome(), [
		drop({ 'pharmacy_claim.csv': lines(fillHeader, Object.values({ ...cells, [column]: value }).join(','), good) })
	]);
	expect(account(result, 'pharmacy_claim')).toEqual([2, loads ? 2 : 1, loads ? 0 : 1, 0, 0]);
});

test('identifiers stay text, codes are kept so that spellings compare equal, absent columns are null', async () => {
	const home = newHome();
	await load(home, [
		drop({
			'pharmacy_claim.csv': lines(
				fillHeader,
				fill('0001', { person: '00012', ndc: '00093-7212-98' }),
				fill('0002', { ndc: '00093721298' })
			),
			'medical_claim.csv': lines(
				'claim_id,patient_id,claim_start_date,ms_drg_code,revenue_center_code,bill_type_code,diagnosis_code_1',
				'm1,0007,2025-01-01,39,450,0111,250.00'
			)
		})
	]);
	expect(
		await intake(
			home,
			'select claim_id, person_id, claim_line_number, claim_status, sold_date, data_source from pharmacy_claim order by 1'
		)
	).toEqual([
		{
			claim_id: '0001',
			person_id: '00012',
			claim_line_number: 1,
			claim_status: 'paid',
			sold_date: null,
			data_source: 'acme'
		},
		{
			claim_id: '0002',
			person_id: '007',
			claim_line_number: 1,
			claim_status: 'paid',
			sold_date: null,
			data_source: 'acme'
		}
	]);
	expect(
		await intake(
			home,
			'select person_id, drg_code, revenue_center_code, bill_type_code, diagnosis_code_1 from medical_claim'
		)
	).toEqual([
		{
			person_id: '0007',
			drg_code: '039',
			revenue_center_code: '0450',
			bill_type_code: '111',
			diagnosis_code_1: '25000'
		}
	]);
});

const plainBody = lines(fillHeader, ...fills(12));
test.each([
	['with a byte order mark', Buffer.from(`\uFEFF${plainBody}`)],
	['with CRLF', Buffer.from(plainBody.replaceAll('\n', '\r\n'))],
	['with old Mac line ends', Buffer.from(plainBody.replaceAll('\n', '\r'))],
	['with mixed line ends', Buffer.from(plainBody.replace('\n', '\r\n'))],
	['without a last line end', Buffer.from(plainBody.trimEnd())],
	['with tabs', Buffer.from(plainBody.replaceAll(',', '\t'))],
	['with bars', Buffer.from(plainBody.replaceAll(',', '|'))],
	['with blank lines', Buffer.from(plainBody.replaceAll('\n', '\n\n'))],
	['with blanks alone in a line', Buffer.from(plainBody.replace('\n', '\n   \n'))],
	[
		'with a shuffled header',
		Buffer.from(
			lines(
				'days_supply,ndc_code,claim_id,what,person_id,dispensing_date',
				...fills(12, (at) => `30,00071015523,${at},x,007,2025-01-01`)
			)
		)
	]
])('a file %s loads whole', async (_, body) => {
	const home = newHome();
	const result = await load(home, [drop({ 'pharmacy_claim.csv': body })]);
	expect(account(result, 'pharmacy_claim')).toEqual([12, 12, 0, 0, 0]);
	const [first] = await intake<{ claim_id: string; days_supply: number }>(
		home,
		'select claim_id, days_supply from pharmacy_claim order by source_line'
	);
	expect(first).toEqual({ claim_id: '0', days_supply: 30 });
});

test('the same rows as CSV, CSV.gz, Parquet and NDJSON give the same table and lines', async () => {
	const { openDatabase } = await import('$lib/server/duckdb');
	const body = lines(fillHeader, fill(1), fill(2, { days: '900' }), fill(3));
	const folder = drop({
		'pharmacy_claim.csv': body,
		'gz/pharmacy_claim.csv.gz': gzipSync(body),
		'json/pharmacy_claim.ndjson': lines(
			...[1, 2, 3].map((at) =>
				JSON.stringify({
					claim_id: String(at),
					person_id: '007',
					dispensing_date: '2025-01-01',
					ndc_code: '00071-0155-23',
					quantity: 30,
					days_supply: at === 2 ? 900 : 30
				})
			)
		)
	});
	const database = await openDatabase();
	const connection = await database.connect();
	await connection.run(
		`copy (select claim_id::varchar as claim_id, '007' as person_id, date '2025-01-01' as dispensing_date, '00071-0155-23' as ndc_code, 30 as quantity, days_supply::bigint as days_supply from (values (1, 30), (2, 900), (3, 30)) v(claim_id, days_supply)) to '${join(folder, 'pharmacy_claim.parquet')}'`
	);
	database.close();
	const seen: unknown[] = [];
	for (const file of [
		'acme/pharmacy_claim.csv',
		'gz/pharmacy_claim.csv.gz',
		'pharmacy_claim.parquet',
		'json/pharmacy_claim.ndjson'
	]) {
		const home = newHome();
		const result = await load(home, [join(folder, file)], { source: 'acme' });
		expect(account(result, 'pharmacy_claim')).toEqual([3, 2, 1, 0, 0]);
		const header = file.endsWith('csv') || file.endsWith('gz') ? 1 : 0;
		seen.push(
			await intake(
				home,
				`select * exclude (source_file) replace (source_line - ${header} as source_line) from pharmacy_claim order by claim_id`
			)
		);
		const [reject] = await rejectedRows(home, 1);
		expect(reject).toMatchObject({ line: 2 + header, column: 'days_supply', reason: 'days_supply_out_of_range' });
		expect(reject!.raw).toContain('900');
	}
	for (const each of seen) expect(each).toEqual(seen[0]);
});

test('words of a status are forgiven their case and blanks, or mapped; others are rejected', async () => {
	const body = lines(
		`${fillHeader},claim_status`,
		`${fill(1)}, Paid `,
		`${fill(2)},REVERSED`,
		`${fill(3)},P`,
		`${fill(4)},`
	);
	const folder = drop({ 'pharmacy_claim.csv': body });
	expect(account(await validate(newHome(), [folder]), 'pharmacy_claim')).toEqual([4, 3, 1, 0, 0]);
	const home = newHome();
	await load(home, [folder], { mapping: { pharmacy_claim: { values: { claim_status: { P: 'paid' } } } } });
	expect(
		(await intake(home, 'select claim_status from pharmacy_claim order by claim_id')).map((row) => row.claim_status)
	).toEqual(['paid', 'reversed', 'paid', 'paid']);
});

test('a mapping names columns and days', async () => {
	const home = newHome();
	const folder = drop({
		'rx.csv': lines(
			'Rx ID,Member,Fill Date,NDC,DS',
			'r1,007,03/31/2025,00071015523,30',
			'r2,007,31/03/2025,00071015523,30'
		)
	});
	const mapping = {
		pharmacy_claim: {
			columns: {
				claim_id: 'Rx ID',
				person_id: 'Member',
				dispensing_date: 'Fill Date',
				ndc_code: 'NDC',
				days_supply: 'DS'
			},
			dates: '%m/%d/%Y'
		}
	};
	expect(account(await load(home, [folder], { table: 'pharmacy_claim', mapping }), 'pharmacy_claim')).toEqual([
		2, 1, 1, 0, 0
	]);
	expect(await intake(home, 'select dispensing_date from pharmacy_claim')).toEqual([{ dispensing_date: '2025-03-31' }]);
});

test('an end before its start is rejected; the same day is not', async () => {
	const body = lines(
		'person_id,birth_date,enrollment_start_date,enrollment_end_date',
		'1,1950-01-01,2025-02-01,2025-01-31',
		'2,1950-01-01,2025-02-01,2025-02-01'
	);
	expect(account(await validate(newHome(), [drop({ 'eligibility.csv': body })]), 'eligibility')).toEqual([
		2, 1, 1, 0, 0
	]);
});

test('every MTM table loads', async () => {
	const home = newHome();
	const result = await load(home, [
		drop({
			'mtm_enrollment.csv': lines('person_id,program,enrollment_date', '007,part_d,2025-01-01'),
			'mtm_service.csv': lines(
				'service_id,person_id,service_type,service_date,status,start_time,end_time',
				's1,007,cmr,2025-02-01,completed,09:30,2025-02-01T10:15:00-05:00',
				's2,007,cmr,2025-02-01,done,,'
			),
			'mtm_medication.csv': lines('service_id,line,ndc_code', 's1,1,00071015523'),
			'mtm_service_element.csv': lines('service_id,element,state', 's1,goals,yes', 's1,goals,maybe'),
			'mtm_recommendation.csv': lines(
				'recommendation_id,person_id,identified_date,problem,action,recipient,response',
				'r1,007,2025-02-01,adherence,educate,patient,accepted'
			),
			'mtm_opportunity.csv': lines('opportunity_id,person_id,opened_on', 'o1,007,2025-01-01'),
			'mtm_claim.csv': lines(
				'claim_id,claim_line_number,person_id,service_date,procedure_code,units,paid_amount,claim_status',
				'c1,1,007,2025-02-01,99605,1,50.00,paid'
			),
			'fee_schedule.csv': lines('program,procedure_code,unit_fee,effective_from', 'medicaid,99605,50,2025-01-01'),
			'provider.csv': lines('npi,name', '1234567893,Ada'),
			'pharmacy.csv': lines('npi,name', '1234567893,Corner'),
			'contact.csv': lines('person_id,do_not_contact', '007,Y'),
			'lab_result.csv': lines('person_id,result', '007,5.4')
		})
	]);
	expect(result.files.map((file) => [file.table, file.loaded, file.rejected]).sort()).toEqual([
		['contact', 1, 0],
		['fee_schedule', 1, 0],
		['lab_result', 1, 0],
		['mtm_claim', 1, 0],
		['mtm_enrollment', 1, 0],
		['mtm_medication', 1, 0],
		['mtm_opportunity', 1, 0],
		['mtm_recommendation', 1, 0],
		['mtm_service', 1, 1],
		['mtm_service_element', 1, 1],
		['pharmacy', 1, 0],
		['provider', 1, 0]
	]);
	expect(await intake(home, 'select start_time, end_time from mtm_service')).toEqual([
		{ start_time: '2025-02-01T09:30:00', end_time: '2025-02-01T10:15:00' }
	]);
	expect(await intake(home, 'select do_not_contact from contact')).toEqual([{ do_not_contact: true }]);
});

test('validate says what load says and leaves nothing behind', async () => {
	const home = newHome();
	const nowhere = { ...home, folder: join(home.folder, 'not-there'), loads: join(home.folder, 'not-there', 'loads') };
	const result = await validate(nowhere, [drop({ 'pharmacy_claim.csv': plainBody })]);
	expect([result.verdict, result.load_id]).toEqual(['passes', 1]);
	expect(existsSync(nowhere.folder)).toBe(false);
});
