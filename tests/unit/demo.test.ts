import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyone } from '$lib/domain/scope';
import { openDatabase } from '$lib/server/duckdb';
import { refresh, type RunSummary } from '$lib/server/build/refresh';
import { firstDay } from '$lib/server/demo/calendar';
import { generateDemo, type DemoSummary } from '$lib/server/demo/generate';
import { prevent, stays } from '$lib/server/demo/hospital';
import { person } from '$lib/server/demo/person';
import { products } from '$lib/server/demo/product';
import { effect } from '$lib/server/demo/programme';
import { npi } from '$lib/server/demo/world';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import type { LoadResult } from '$lib/server/load/verdict';
import { query } from '$lib/server/query';
import { makeDemo } from '../../src/cli/demo';
import { loadReference } from '$lib/server/reference/load';

const place = mkdtempSync(join(tmpdir(), 'mtm-demo-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const filesIn = (folder: string): string[] =>
	readdirSync(folder)
		.sort()
		.flatMap((name) =>
			statSync(join(folder, name)).isDirectory() ? filesIn(join(folder, name)) : [join(folder, name)]
		);
const digest = (folder: string) => {
	const hash = createHash('sha256');
	for (const path of filesIn(folder)) hash.update(path.slice(folder.length)).update(readFileSync(path));
	return hash.digest('hex');
};

describe('making', () => {
	test('the same seed makes the same bytes; another seed does not', async () => {
		const made = async (name: string, seed: number) => {
			await generateDemo(join(place, name), { patients: 120, seed });
			return digest(join(place, name));
		};
		const first = await made('first', 7);
		expect(await made('second', 7)).toBe(first);
		await made('third', 8);
		const claims = (name: string) => readFileSync(join(place, name, 'files', 'pharmacy_claim_2025.csv'), 'utf8');
		expect(claims('third')).not.toBe(claims('first'));
	});

	test('a larger population begins with the smaller one', async () => {
		const small = await generateDemo(join(place, 'small'), { patients: 60, seed: 3 });
		const large = await generateDemo(join(place, 'large'), { patients: 150, seed: 3 });
		const differ = small.files
			.map((one) => one.file)
			.filter((name) => name !== 'provider.csv')
			.filter(
				(name) =>
					!readFileSync(join(large.folder, name), 'utf8').startsWith(readFileSync(join(small.folder, name), 'utf8'))
			);
		expect(differ).toEqual([]);
	});

	test('the bench profile holds the same fills without noise', async () => {
		const full = await generateDemo(join(place, 'full'), { patients: 80, seed: 5 });
		const bench = await generateDemo(join(place, 'bench'), { patients: 80, seed: 5, profile: 'bench' });
		expect(bench.files.map((one) => one.table)).toEqual([
			'eligibility',
			...Array(3).fill('pharmacy_claim'),
			...Array(3).fill('medical_claim')
		]);
		const rows = bench.files.filter((one) => one.table === 'pharmacy_claim').reduce((sum, one) => sum + one.rows, 0);
		expect(rows).toBe(bench.truth.dispense.finalFills);
		expect(bench.files.every((one) => one.duplicate === 0 && Object.keys(one.rejected).length === 0)).toBe(true);
		expect(Math.abs(rows / full.truth.dispense.finalFills - 1)).toBeLessThan(0.05);
	});

	test('identifiers pass their check digit', () => {
		// 1234567893 is the example of the NPI check digit in CMS's own description.
		expect(npi('123456789')).toBe('1234567893');
	});

	test('every product stands in the drug table under its ingredients', async () => {
		const database = await openDatabase();
		const connection = await database.connect();
		await loadReference(connection, null);
		const known = new Map(
			(
				await connection.rows<{ ndc11: string; ingredients: string[] }>(
					`select ndc11, ingredients from reference_drug where ndc11 in (${products.map((one) => `'${one.ndc}'`).join(', ')})`
				)
			).map((row) => [row.ndc11, [...row.ingredients].sort().join(';')])
		);
		database.close();
		const off = products.filter((one) => known.get(one.ndc) !== one.ingredients.split(';').sort().join(';'));
		expect(off.map((one) => `${one.ndc} ${one.ingredients}: ${known.get(one.ndc)}`)).toEqual([]);
	});

	test('a review takes away the stated share of later unplanned stays, and no planned one', () => {
		let before = 0;
		let after = 0;
		for (let number = 0; number < 6000; number++) {
			const one = person(11, number);
			const list = stays(11, one);
			const counted = (of: typeof list) =>
				of.filter(
					(stay) =>
						stay.kind === 'acute' && !stay.reason.planned && !stay.died && !stay.after && stay.admitSource === '1'
				).length;
			const planned = list.filter((stay) => stay.reason.planned && stay.kind === 'acute').length;
			before += counted(list);
			const left = prevent(11, one, list, firstDay - 1, effect.staysPrevented);
			after += counted(left);
			expect(left.filter((stay) => stay.reason.planned && stay.kind === 'acute').length).toBe(planned);
		}
		expect(before).toBeGreaterThan(2000);
		expect(Math.abs(1 - after / before - effect.staysPrevented)).toBeLessThan(0.025);
	});
});

describe('two thousand people through the door', () => {
	const home = openHome(join(place, 'home'));
	let made: DemoSummary;
	let loaded: LoadResult;
	let run: RunSummary;
	const rows = async <T>(sql: string): Promise<T[]> =>
		await query(home, sql, everyone, async (answer) => {
			const found: T[] = [];
			for await (const row of answer.rows) found.push(row as T);
			return found;
		});
	const truth = (name: string) => {
		const [header, ...lines] = readFileSync(join(made.folder, '..', 'truth', name), 'utf8')
			.trim()
			.split('\n');
		const names = header!.split(',');
		return lines.map((line) => {
			const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, ''));
			return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])) as Record<string, string>;
		});
	};

	beforeAll(async () => {
		made = await generateDemo(join(place, 'two'), { patients: 2000, seed: 1 });
		loaded = await load(home, [made.folder], { by: 'test' });
		run = await refresh(home);
	}, 600_000);

	test('every file loads, and what is rejected and repeated is what was planted', () => {
		expect(loaded.verdict).toBe('loaded');
		const shape = (one: { file: string; read: number; rejected: number; duplicate: number }) =>
			`${one.file}: ${one.read} read, ${one.rejected} rejected, ${one.duplicate} duplicate`;
		expect(
			loaded.files
				.map((one) => shape({ file: one.name, read: one.read, rejected: one.rejected, duplicate: one.duplicate }))
				.sort()
		).toEqual(
			made.files
				.map((one) =>
					shape({
						file: one.file,
						read: one.rows,
						rejected: Object.values(one.rejected).reduce((sum, count) => sum + count, 0),
						duplicate: one.duplicate
					})
				)
				.sort()
		);
	});

	test('the fills that stand in the end are those the demo meant', () => {
		expect(run.fills).toBe(made.truth.dispense.finalFills);
		expect(run.as_of).toBe('2026-09-30');
		expect(run.patients).toBe(2000);
	});

	test('adherence of 2025 lies near national figures', async () => {
		const rates = await rows<{ measure: string; rate: number }>(
			`select measure, rate from measure_result where dimension = 'all' and period = '2025' and measure in ('pdc_statins', 'pdc_rasa', 'pdc_diabetes') order by measure`
		);
		expect(rates.length).toBe(3);
		for (const { measure, rate } of rates) expect([measure, rate > 0.84 && rate < 0.94]).toEqual([measure, true]);
	});

	test('statins at Harbor are off course in 2026, other stores are not', async () => {
		const [late] = await rows<{ harbor: number; others: number }>(
			`select
				avg((a.status in ('overdue', 'last_chance', 'lost'))::integer) filter (p.name = 'Harbor') as harbor,
				avg((a.status in ('overdue', 'last_chance', 'lost'))::integer) filter (p.name <> 'Harbor') as others
			from adherence a inner join pharmacy p on p.npi = a.pharmacy_npi
			where a.measure = 'pdc_statins' and a.year = 2026 and a.in_denominator`
		);
		expect(late!.harbor).toBeGreaterThan(0.35);
		expect(late!.others).toBeLessThan(0.3);
	});

	test('who is in MTM needs more, and stays and visits a year lie near national figures', async () => {
		const people = truth('person.csv');
		const mean = (of: typeof people) => of.reduce((sum, one) => sum + Number(one.need), 0) / of.length;
		const enrolled = people.filter((one) => one.mtm === 'enrolled');
		expect(enrolled.length).toBeGreaterThan(100);
		expect(mean(enrolled) - mean(people.filter((one) => one.mtm === 'no'))).toBeGreaterThan(0.5);
		const [a] = await rows<{ admissions: number }>(`
			with span as (
				select person_id, greatest(enrollment_start_date, date '2025-01-01') as from_on, least(enrollment_end_date, coalesce(death_date, enrollment_end_date), date '2025-12-31') as to_on
				from eligibility where medical_coverage and birth_date <= date '1960-01-01'
			),
			days as (select person_id, sum(to_on - from_on + 1) as days from span where to_on >= from_on group by all),
			stay as (
				select distinct person_id, admission_date from medical_claim semi join days using (person_id)
				where bill_type_code in ('111', '112') and admit_source_code <> '4' and year(admission_date) = 2025
			)
			select (select count(*) from stay) * 365000.0 / (select sum(days) from days) as admissions`);
		expect(a!.admissions).toBeGreaterThan(200);
		expect(a!.admissions).toBeLessThan(340);
	});

	test('answers to recommendations and completed reviews lie in their bands', async () => {
		const [r] = await rows<{ made: number; answered: number }>(`
			select
				count(*) filter (response in ('accepted', 'modified')) / count(*) filter (response in ('accepted', 'modified', 'declined', 'no_response', 'pending')) as made,
				count(*) filter (response in ('accepted', 'modified')) / count(*) filter (response in ('accepted', 'modified', 'declined')) as answered
			from mtm_recommendation where identified_date <= date '2026-08-31'`);
		expect(r!.made).toBeGreaterThan(0.42);
		expect(r!.made).toBeLessThan(0.58);
		expect(r!.answered).toBeGreaterThan(0.68);
		expect(r!.answered).toBeLessThan(0.85);
		const [c] = await rows<{ rate: number }>(`
			with enrolled as (
				select distinct person_id from mtm_enrollment
				where contract_id = 'H9001' and enrollment_date <= date '2025-11-01' and coalesce(opt_out_date, date '2026-01-01') > date '2025-12-31'
			),
			reviewed as (select distinct person_id from mtm_service where service_type = 'cmr' and status = 'completed' and year(service_date) = 2025)
			select avg((reviewed.person_id is not null)::integer) as rate from enrolled left join reviewed using (person_id)`);
		expect(c!.rate).toBeGreaterThan(0.78);
		expect(c!.rate).toBeLessThan(0.95);
	});

	test('every claim that the truth names is there', async () => {
		const names = (list: Record<string, string>[]) =>
			[...new Set(list.map((one) => one.claim_id!).filter((id) => id !== ''))].map((id) => `'${id}'`).join(', ');
		const shown = truth('recommendation.csv').filter((one) => one.claim_id !== '');
		expect(shown.length).toBeGreaterThan(50);
		const [fills] = await rows<{ found: number }>(
			`select count(distinct claim_id)::integer as found from pharmacy_claim where claim_status in ('paid', 'adjusted') and claim_id in (${names(shown)})`
		);
		expect(fills!.found).toBe(new Set(shown.map((one) => one.claim_id)).size);
		const planted = truth('audit.csv');
		const [billed] = await rows<{ found: number }>(
			`select count(distinct claim_id)::integer as found from mtm_claim where claim_id in (${names(planted)})`
		);
		expect(billed!.found).toBe(new Set(planted.map((one) => one.claim_id)).size);
	});

	// A rule of domain/06 each, written as plainly as can be: it must find the planted claims and no other.
	const paid = `(select * from mtm_claim where claim_status = 'paid')`;
	const rules: Record<string, string> = {
		A01: `select claim_id from ${paid} c anti join mtm_service s on s.person_id = c.person_id and s.service_date = c.service_date and s.provider_npi = coalesce(c.pharmacist_npi, s.provider_npi)`,
		A02: `select claim_id from ${paid} c inner join mtm_service s using (service_id) where s.documented_at::date > c.submitted_date`,
		A03: `select claim_id from ${paid} c inner join mtm_service s using (service_id) where s.start_time is null or s.end_time <= s.start_time`,
		A05: `select claim_id from ${paid} c group by claim_id having count(*) filter (procedure_code in ('99605', '99606')) = 0`,
		A06: `select claim_id from ${paid} c group by claim_id having count(distinct procedure_code) filter (procedure_code in ('99605', '99606')) = 2`,
		A07: `select c.claim_id from ${paid} c inner join ${paid} e on e.person_id = c.person_id and e.service_date < c.service_date where c.procedure_code = '99605'`,
		A08: `select max(claim_id) as claim_id from ${paid} c anti join (select original_claim_id as claim_id from mtm_claim where claim_status = 'reversed') using (claim_id) where pharmacist_npi is not null group by person_id, service_date, procedure_code, pharmacist_npi having count(*) > 1`,
		A09: `select claim_id from ${paid} c where claim_format = 'ncpdp' and service_id in (select service_id from ${paid} where claim_format = '837p')`,
		A10: `select claim_id from ${paid} c where procedure_code = '99607' and units > 4`,
		A12: `select claim_id from ${paid} c anti join eligibility e on e.person_id = c.person_id and c.service_date between e.enrollment_start_date and e.enrollment_end_date`,
		A13: `select claim_id from ${paid} c anti join mtm_enrollment e on e.person_id = c.person_id and c.service_date >= e.enrollment_date and c.service_date < coalesce(e.opt_out_date, date '2100-01-01')`,
		A14: `select claim_id from ${paid} c inner join (select person_id, max(death_date) as death_date from eligibility group by all) e using (person_id) where c.service_date > e.death_date`,
		A15: `select c.claim_id from ${paid} c inner join (select * from medical_claim m anti join (select original_claim_id as claim_id from medical_claim where bill_type_code like '%8') v using (claim_id)) m on m.person_id = c.person_id and c.service_date between m.admission_date and m.discharge_date where m.bill_type_code[1:2] in ('11', '21')`,
		A16: `select claim_id from ${paid} c inner join eligibility e on e.person_id = c.person_id and c.service_date between e.hospice_start_date and e.hospice_end_date`,
		A17: `select claim_id from ${paid} c inner join provider p on p.npi = c.pharmacist_npi where c.service_date > p.licensed_to`,
		A18: `select claim_id from ${paid} c inner join provider p on p.npi = c.pharmacist_npi where c.service_date >= p.excluded_from`,
		A19: `select claim_id from ${paid} c inner join mtm_service s using (service_id) inner join mtm_service o on o.provider_npi = s.provider_npi and o.person_id <> s.person_id and o.start_time < s.end_time and s.start_time < o.end_time`,
		A20: `select claim_id from ${paid} c inner join mtm_service s using (service_id) inner join (select provider_npi, service_date, sum(minutes) as minutes from mtm_service group by all having sum(minutes) > 720) d on d.provider_npi = s.provider_npi and d.service_date = s.service_date`,
		A22: `select claim_id from ${paid} c inner join mtm_service s using (service_id) where (s.delivery_method = '01') <> (c.place_of_service_code in ('01', '11'))`,
		A31: `select claim_id from ${paid} c inner join mtm_service s using (service_id) where s.note in (select note from mtm_service where note <> '' group by note having count(distinct person_id) > 1)`,
		A34: `select claim_id from ${paid} c inner join mtm_service s using (service_id) where c.program = 'medicaid' and s.program = 'medicaid' and s.consent_date is null`,
		A35: `select claim_id from ${paid} c where program = 'medicaid' and approval_number is null and person_id not in (select person_id from eligibility where payer_type = 'medicare')`,
		A36: `select claim_id from ${paid} c where program = 'medicaid' and person_id in (select person_id from eligibility where payer_type = 'medicare')`,
		A37: `select c.claim_id from ${paid} c inner join mtm_service s using (service_id) inner join (select s.person_id, min(s.service_date) as first_on from mtm_service s semi join ${paid} c using (service_id) where s.service_type = 'cmr' group by s.person_id, year(s.service_date)) f on f.person_id = s.person_id and year(f.first_on) = year(s.service_date) where s.service_type = 'cmr' and s.service_date > f.first_on`,
		A40: `select claim_id from ${paid} c where submitted_date - service_date > 365`,
		A41: `select c.claim_id from ${paid} c inner join fee_schedule f on f.program = c.program and f.payer = c.payer and f.procedure_code = c.procedure_code and c.service_date between f.effective_from and coalesce(f.effective_to, date '2100-01-01') where c.paid_amount > f.unit_fee * c.units`,
		A42: `select claim_id from mtm_claim c anti join ${paid} p on p.claim_id = c.original_claim_id where c.claim_status = 'reversed'`
	};
	test.each(Object.keys(rules))('%s finds what was planted for it, and nothing else', async (rule) => {
		const expected = truth('audit.csv')
			.filter((one) => one.rule === rule)
			.map((one) => one.claim_id!);
		expect(expected.length).toBeGreaterThan(0);
		const found = await rows<{ claim_id: string }>(`select distinct claim_id from (${rules[rule]}) order by all`);
		expect(found.map((one) => one.claim_id)).toEqual([...new Set(expected)].sort());
	});

	test('A04 finds what was planted for it, and nothing else that was planted otherwise', async () => {
		const found = await rows<{ claim_id: string }>(
			`with billed as (select claim_id, any_value(service_id) as service_id, sum(units) as units from ${paid} group by all)
			select claim_id from billed b inner join mtm_service s using (service_id)
			where b.units > if(s.minutes < 8, 0, floor((s.minutes - 8) / 15) + 1) order by all`
		);
		const planted = truth('audit.csv').filter((one) => ['A04', 'A44'].includes(one.rule!));
		expect(found.map((one) => one.claim_id)).toEqual(planted.map((one) => one.claim_id!).sort());
	});
});

describe('mtm demo', () => {
	test('makes it once, and leaves homes alone that hold something else', async () => {
		const home = openHome(join(place, 'verb'));
		const first = await makeDemo(home, { patients: 50, seed: 2 });
		expect(first).toMatchObject({ made: true, patients: 50, as_of: '2026-09-30' });
		expect(await makeDemo(home, { patients: 50, seed: 2 })).toMatchObject({ made: false, seed: 2 });
		await expect(makeDemo(home, { patients: 50, seed: 3 })).rejects.toMatchObject({ exit: 1 });
		rmSync(join(home.folder, 'demo.json'));
		await expect(makeDemo(home, { patients: 50, seed: 2 })).rejects.toThrow(/already holds loaded files/);
	}, 600_000);
});
