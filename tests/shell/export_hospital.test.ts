import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monthWords } from '$lib/charts/control';
import { unlimited, type Scope } from '$lib/domain/scope';
import { count, decimal } from '$lib/domain/wording';
import { literal, openDatabase } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import { emptyFolder } from '../known/shell';
import { serveDemo, type Served } from './served';

let home: Home;
let server: Served;
let lead: string;
let viewer: string;

beforeAll(async () => {
	const served = await serveDemo(300);
	({ home, lead, viewer } = served);
	server = served;
}, 300_000);
afterAll(async () => await server?.stop());

/** A file of a table as objects, for this user. */
async function csvOf(who: string, address: string): Promise<Record<string, string>[]> {
	const answer = await server.ask(who, `/download/${address}`);
	expect([address, answer.status]).toEqual([address, 200]);
	const database = await openDatabase();
	const connection = await database.connect();
	const path = join(emptyFolder(), 'table.csv');
	writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
	const rows = await connection.rows<Record<string, string>>(
		`select * from read_csv(${literal(path)}, all_varchar = true, header = true, strict_mode = false)`
	);
	database.close();
	return rows;
}
/** The words of a page, one space between them. */
const wordsOf = async (who: string, address: string) =>
	(await (await server.ask(who, address)).text()).replaceAll(/<!--[\s\S]*?-->|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
/** Of these words, those that a page does not say; spaces are all alike. */
const unsaid = (said: string, words: string[]) =>
	words.map((text) => text.replaceAll(/\s+/g, ' ')).filter((text) => !said.includes(text));

test('tables of hospital care are complete, with the digits of their pages', async () => {
	const p2: Scope = { limits: unlimited, phi: 'P2' };
	const rates = await csvOf(lead, 'hospital_rates.csv?y=2026&per=months');
	const overview = await wordsOf(lead, '/outcomes?y=2026&per=months');
	const shown = rates.filter((row) => row.year === '2026' && row.unit === 'per 1,000 member-months');
	expect(shown.length).toBeGreaterThan(5);
	expect(
		unsaid(
			overview,
			shown.map((row) => `${row.title} ${decimal(Number(row.rate))} per 1,000 member-months`)
		)
	).toEqual([]);
	for (const year of [2026, 2025]) {
		const told = await ask<{ measure: string }>(home, 'hospital_rates', { year, dimension: 'all', value: 'all' }, p2);
		expect(rates.filter((row) => row.year === String(year)).map((row) => row.measure)).toEqual(
			told.map((row) => row.measure)
		);
	}

	const months = await csvOf(lead, 'hospital_months.csv?measure=emergency_visits');
	const page = await wordsOf(lead, '/outcomes/emergency_visits');
	const panel = await ask(home, 'hospital_months', { measure: 'emergency_visits', dimension: 'all', value: 'all' }, p2);
	expect(months).toHaveLength(panel.length);
	const told = months.map((row) => {
		const limits = row.upper_limit ? `${decimal(Number(row.lower_limit))} to ${decimal(Number(row.upper_limit))}` : '–';
		return ` ${monthWords(row.month!)} ${decimal(Number(row.rate))} ${count(Number(row.numerator))} ${count(Number(row.denominator))} ${decimal(Number(row.centre))} ${limits} `;
	});
	expect(unsaid(page, told)).toEqual([]);

	const counted = await csvOf(lead, 'patient_counted.csv?measure=hospital_admissions&y=2025');
	const of = rates.find((row) => row.year === '2025' && row.measure === 'hospital_admissions')!;
	expect(counted).toHaveLength(Number(of.numerator));
	const month = counted[0]!.admitted_on!.slice(0, 7);
	expect(await csvOf(lead, `patient_counted.csv?measure=hospital_admissions&y=2025&period=${month}`)).toEqual(
		counted.filter((row) => row.admitted_on!.startsWith(month))
	);

	const followed = await csvOf(lead, 'patient_follow_up.csv?list=home_from_hospital');
	const list = await ask<{ pid: string }>(
		home,
		'follow_up',
		{ list: 'home_from_hospital', within: null, first: 0, rows: null },
		p2
	);
	expect(followed.map((row) => row.pid)).toEqual(list.map((row) => row.pid));
	expect(followed.length).toBeGreaterThan(0);

	const compared = await csvOf(lead, 'compare.csv?measure=emergency_visits&unit=pharm&y=2026');
	const units = await ask(home, 'hospital_units', { measure: 'emergency_visits', year: 2026, unit: 'pharm' }, p2);
	expect(compared).toHaveLength(units.length);
	const beside = await wordsOf(lead, '/compare?measure=emergency_visits&unit=pharm&y=2026');
	const drawn = compared.filter((one) => one.rate);
	expect(drawn.length).toBeGreaterThan(0);
	expect(
		unsaid(
			beside,
			drawn.map((row) => `${decimal(Number(row.rate))} ${decimal(Number(row.lower))} to ${decimal(Number(row.upper))}`)
		)
	).toEqual([]);

	for (const measure of ['readmission_30_days', 'discharge_without_fills', 'avoidable_admissions']) {
		const steps = await csvOf(lead, `stay_steps.csv?measure=${measure}&y=2025`);
		expect(steps.length).toBeGreaterThan(5);
		expect(steps.slice(1).every((row) => row.words)).toBe(true);
	}
	expect((await csvOf(lead, 'around_review.csv?measure=hospital_admissions')).length).toBeGreaterThan(10);
	expect(await csvOf(lead, 'annotations.csv')).toEqual([]);
});

test('who sees numbers only gets these tables with small counts hidden, and no rows of patients', async () => {
	for (const address of [
		'patient_counted.csv?measure=hospital_admissions',
		'patient_follow_up.csv?list=home_from_hospital'
	])
		expect((await server.ask(viewer, `/download/${address}`)).status).toBe(404);
	const months = await csvOf(viewer, 'hospital_months.csv?measure=hospital_admissions');
	expect(months.length).toBeGreaterThan(10);
	for (const { numerator } of months) expect(numerator).toMatch(/^(0|<11|hidden|[1-9]\d+)$/);
	expect(months.some(({ numerator }) => numerator === '<11')).toBe(true);
	expect((await server.ask(viewer, '/download/stay_steps.csv?measure=discharge_without_fills')).status).toBe(200);
	expect((await server.ask(viewer, '/download/hospital_months.csv?measure=none')).status).toBe(404);
});
