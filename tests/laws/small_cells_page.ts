import { anyone, readPopulation, writePopulation, type Population } from '$lib/domain/population';
import { everyone, unlimited, type Scope } from '$lib/domain/scope';
import type { Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { ask } from '$lib/server/warehouse';
import type { Bounds } from './onlooker';

/** Who sees counts only. */
export const onlooker: Scope = { limits: unlimited, phi: 'P0' };

/** All that a measure's page tells, and the truth behind it: numbers by name, the sums they make, what is known of each. */
export type Told = {
	truth: Map<string, number>;
	sums: { total: string; parts: string[] }[];
	known: Map<string, Bounds>;
	/** How many numbers are shown, and how many are hidden though somebody stands in them. */
	shown: number;
	hidden: number;
};

export const withoutOutcomes = (population: Population): Population => {
	const words = writePopulation(population);
	for (const key of ['status', 'pdc', 'adr', 'late', 'lid', 'counted']) words.delete(key);
	return readPopulation(words).population;
};

export const emptyTold = (): Told => ({ truth: new Map(), sums: [], known: new Map(), shown: 0, hidden: 0 });

const statuses = ['secured', 'on_track', 'due_soon', 'overdue', 'last_chance', 'lost'];

/** Reads every table of a measure's page for one population into `told`; `as` names the population. */
export async function readPage(
	home: Home,
	told: Told,
	as: string,
	measure: string,
	year: number,
	population: Population
): Promise<void> {
	const put = (name: string, value: unknown, seen: Row | undefined, column: string) => {
		const truth = Number(value);
		told.truth.set(name, truth);
		const mark = (seen?.hidden as Record<string, string> | undefined)?.[column];
		if (seen && mark === undefined) {
			if (Number(seen[column]) !== truth) throw new Error(`${name} is ${String(seen[column])} and not ${truth}`);
			told.known.set(name, { least: truth, most: truth });
			told.shown++;
		} else {
			if (seen && seen[column] !== null) throw new Error(`${name} is hidden and yet there`);
			if (mark === '<11') told.known.set(name, { least: 0, most: 10 });
			if (truth > 0) told.hidden++;
		}
	};
	const add = (total: string, parts: string[]) => {
		told.sums.push({ total, parts });
		const sum = parts.filter((part) => told.truth.has(part)).reduce((all, part) => all + told.truth.get(part)!, 0);
		const missing = [total, ...parts].filter((name) => !told.truth.has(name));
		if (missing.length > 1) throw new Error(`${missing.join(', ')} are not known to the test`);
		if (missing[0] === total) told.truth.set(total, sum);
		else if (missing.length) told.truth.set(missing[0]!, told.truth.get(total)! - sum);
		else if (told.truth.get(total) !== sum) throw new Error(`${parts.join(' + ')} is not ${total}`);
	};
	const both = async (panel: string, parameters: Record<string, unknown>, key: (row: Row) => string) => {
		const given = parameters as Parameters<typeof ask>[2];
		const [all, some] = await Promise.all([
			ask<Row>(home, panel, given, everyone),
			ask<Row>(home, panel, given, onlooker)
		]);
		const seen = new Map(some.map((row) => [key(row), row]));
		return all.map((row) => ({ row, seen: seen.get(key(row)), key: key(row) }));
	};
	const one = { measure, year, population };

	for (const at of [year, year - 1]) {
		const [line] = await both('headline', { ...one, year: at }, () => 'line');
		const p = `${as} ${at} `;
		for (const [name, column] of [
			['N', 'patients'],
			['D', 'denominator'],
			['A', 'numerator'],
			['R', 'below_and_recoverable'],
			['W', 'must_fill_within_week'],
			['not yet', 'not_yet_in_measure'],
			['excluded', 'excluded'],
			...statuses.map((status) => [status, status])
		] as [string, string][])
			put(p + name, line?.row[column] ?? 0, line ? line.seen : { [column]: 0 }, column);
		// A rate beside its denominator tells its count.
		for (const [rate, name] of [
			['rate', 'A'],
			['lower', 'A'],
			['floor_rate', 'secured'],
			['ceiling_rate', 'lost']
		] as const)
			if (line?.seen && line.seen[rate] !== null && Number(line.row.denominator) > 0) {
				const truth = told.truth.get(p + name)!;
				told.known.set(p + name, { least: truth, most: truth });
			}
		add(p + 'N', [p + 'D', p + 'E']);
		add(p + 'E', [p + 'not yet', p + 'excluded']);
		add(p + 'D', [p + 'A', p + 'L']);
		add(p + 'L', [p + 'R', p + 'lost']);
		add(
			p + 'D',
			statuses.map((status) => p + status)
		);
		add(p + 'D', [p + 'W', p + 'later']);
	}
	const p = `${as} ${year} `;
	const last = `${as} ${year - 1} `;

	const bins = await both('pdc_histogram', one, (row) => `bin ${String(row.bin)}`);
	for (const { row, seen, key } of bins) {
		put(p + key, row.patients, seen, 'patients');
		put(`${p + key} R`, row.recoverable, seen, 'recoverable');
		// Whether a bin is above the threshold, everybody knows.
		add(p + key, Number(row.numerator) > 0 ? [`${p + key} A`] : [`${p + key} R`, `${p + key} X`]);
	}
	const high = bins.filter(({ row }) => Number(row.numerator) > 0).map(({ key }) => p + key);
	const low = bins.filter(({ row }) => Number(row.numerator) === 0).map(({ key }) => p + key);
	add(p + 'A', high);
	add(p + 'L', low);
	add(
		p + 'R',
		low.map((bin) => `${bin} R`)
	);

	for (const unit of ['pharm', 'presc', 'plan']) {
		const rows = await both('unit_rates', { ...one, unit }, (row) => `${unit} ${String(row.value)}`);
		for (const { row, seen, key } of rows) {
			put(p + key, row.denominator, seen, 'denominator');
			put(`${p + key} A`, row.numerator, seen, 'numerator');
			put(`${p + key} R`, row.recoverable, seen, 'recoverable');
			add(p + key, [`${p + key} A`, `${p + key} L`]);
			add(`${p + key} L`, [`${p + key} R`, `${p + key} X`]);
			put(last + key, row.last_denominator ?? 0, seen, 'last_denominator');
			put(`${last + key} A`, row.last_numerator ?? 0, seen, 'last_numerator');
			add(last + key, [`${last + key} A`, `${last + key} L`]);
		}
		const names = rows.map(({ key }) => key);
		add(
			p + 'D',
			names.map((key) => p + key)
		);
		for (const part of ['A', 'L', 'R'])
			add(
				p + part,
				names.map((key) => `${p + key} ${part}`)
			);
		add(
			p + 'lost',
			names.map((key) => `${p + key} X`)
		);
		for (const [total, part] of [
			['D', ''],
			['A', ' A']
		] as const)
			add(last + total, [...names.map((key) => last + key + part), `${last}${unit} gone${part}`]);
		add(`${last}${unit} gone`, [`${last}${unit} gone A`, `${last}${unit} gone L`]);
	}

	const months = await both(
		'trend',
		{ ...one, population: withoutOutcomes(population) },
		(row) => `month ${String(row.month)}`
	);
	const t =
		writePopulation(withoutOutcomes(population)).toString() === writePopulation(population).toString() ? '' : 'trend ';
	for (const [at, column, numerator] of [
		[p, 'denominator', 'numerator'],
		[last, 'last_denominator', 'last_numerator']
	] as const) {
		const begun = months.filter(({ row }) => Number(row[column]) > 0);
		begun.forEach(({ row, seen, key }, place) => {
			put(at + t + key, row[column], seen, column);
			put(`${at + t + key} A`, row[numerator], seen, numerator);
			add(at + t + key, [`${at + t + key} A`, `${at + t + key} L`]);
			if (place > 0) add(at + t + key, [at + t + begun[place - 1]!.key, `${at + t + key} new`]);
		});
		const end = begun.at(-1);
		if (end && t === '') add(at + 'D', [at + end.key, at + 'new since']);
	}

	const steps = await both('attrition', one, (row) => `step ${String(row.step)} ${String(row.excluded_because)}`);
	steps.forEach(({ row, seen, key }, at) => {
		if (at > 0) put(p + key, row.patients, seen, 'patients');
		put(`${p + key} remain`, row.remaining, seen, 'remaining');
		if (at > 0) add(`${p + steps[at - 1]!.key} remain`, [`${p + key} remain`, p + key]);
	});
	if (steps.length) {
		add(p + 'N', [`${p + steps[0]!.key} remain`]);
		add(p + 'D', [`${p + steps.at(-1)!.key} remain`]);
	}

	const lengths = await both('supply_lengths', one, (row) => `length ${String(row.place)}`);
	for (const { row, seen, key } of lengths) {
		put(p + key, row.denominator, seen, 'denominator');
		put(`${p + key} A`, row.numerator, seen, 'numerator');
		put(`${p + key} C`, row.candidates, seen, 'candidates');
		add(p + key, [`${p + key} A`, `${p + key} L`]);
		add(p + key, [`${p + key} C`, `${p + key} K`]);
	}
	for (const [total, part] of [
		['D', ''],
		['A', ' A'],
		['L', ' L']
	] as const)
		add(
			p + total,
			lengths.map(({ key }) => p + key + part)
		);

	const days = await both('last_useful_fills', one, (row) => `day ${String(row.on_day)}`);
	for (const { row, seen, key } of days) put(p + key, row.patients, seen, 'patients');
	add(p + 'R', [...days.map(({ key }) => p + key), p + 'on hand']);
}

export const everybody = anyone;
