import { hospitalMeasures } from '$lib/domain/hospital_rate';
import { readPopulation } from '$lib/domain/population';
import { listedKeys } from '$lib/domain/recommendation_table';
import type { Row } from '$lib/server/duckdb';
import type { Home } from '$lib/server/home';
import { sqlFiles } from '$lib/server/sql';
import { panelNamed, type Answerable } from '$lib/server/warehouse';
import { rowsOf } from './scope_home';

/** Small seeded generator (mulberry32). */
export function dice(seed: number) {
	const next = () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return {
		upTo: (most: number) => Math.floor(next() * (most + 1)),
		is: (share: number) => next() < share,
		one: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)]!
	};
}
export type Dice = ReturnType<typeof dice>;

export type Person = { patient_no: number; patient_id: string; pid: string };

/** What questions can be about in a home: everything that stands in it, in scope or not. */
export type Stock = {
	people: Person[];
	/** MTM sessions, with who sent them. */
	services: { service_id: string; data_source: string }[];
	measures: string[];
	/** Claims with a finding, each as its source, | and its id. */
	claims: string[];
	values: Record<string, string[]>;
};

/** Every panel of the product. */
export const panelNames = sqlFiles('panels').map((file) => file.name);

const sorts =
	'priority patient age plan pharmacy prescriber drug filled runs_out late pdc missed adr lid best status'.split(' ');
const lists = sqlFiles('lists').map((file) => file.name);

export async function stockOf(home: Home, people: Person[]): Promise<Stock> {
	const of = async (sql: string) => (await rowsOf(home, sql)).map((row: Row) => String(row.value));
	return {
		people,
		services: (await rowsOf(
			home,
			'select service_id, data_source from mtm_service order by 1, 2'
		)) as Stock['services'],
		measures: await of('select distinct measure as value from adherence order by 1'),
		claims: await of("select distinct concat(data_source, '|', claim_id) as value from audit_flag order by 1"),
		values: {
			plan: await of('select distinct plan as value from adherence where plan is not null order by 1'),
			contract: await of(
				'select distinct contract_id as value from eligibility where contract_id is not null order by 1'
			),
			pharm: await of('select distinct pharmacy_npi as value from adherence where pharmacy_npi is not null order by 1'),
			presc: await of(
				'select distinct prescriber_npi as value from adherence where prescriber_npi is not null order by 1'
			),
			sex: ['female', 'male'],
			lang: await of('select distinct language as value from eligibility where language is not null order by 1'),
			zip3: await of('select distinct zip_code[1:3] as value from eligibility where zip_code is not null order by 1'),
			age: ['18-44', '45-64', '65-74', '75-84', '85+'],
			status: ['secured', 'lost', 'on_track', 'overdue', 'excluded', 'due_soon']
		}
	};
}

/** Filters as an address would write them; with `days`, ranges of days too. */
export function someFilters(roll: Dice, { values }: Stock, days: boolean): URLSearchParams {
	const words = new URLSearchParams();
	for (const [key, known] of Object.entries(values))
		if (known.length && roll.is(0.12))
			words.set(key, `${roll.is(0.3) ? '!' : ''}${roll.one(known).replaceAll(',', ',,')}`);
	// Where days are not shown, PDC is filtered by steps of five points.
	const step = days ? 1 : 5;
	if (roll.is(0.15)) words.set('pdc', `${step * roll.upTo(60 / step)}..${60 + step * roll.upTo(40 / step)}`);
	if (days && roll.is(0.1)) words.set('late', `0..${roll.upTo(90)}`);
	if (days && roll.is(0.1)) words.set('adr', `${-roll.upTo(30)}..${roll.upTo(60)}`);
	if (days && roll.is(0.05)) words.set('lid', '2026-10-01..2026-12-31');
	if (roll.is(0.2)) words.set('counted', roll.is(0.7) ? 'yes' : 'no');
	return words;
}

/** Words that a list of recommendations takes where days are seen, each with one that chooses some. */
const listed: Record<string, string> = {
	decline: 'not_stated',
	strategy: 'not_stated',
	around: 'not_computable',
	took: '3_or_more'
};

/** Parameters for a panel, about `person` where it is about one. */
export function someParameters(
	roll: Dice,
	stock: Stock,
	panel: string,
	person: Person,
	days = true
): Record<string, Answerable> {
	const given: Record<string, Answerable> = {};
	const service = roll.one(stock.services);
	for (const { name, type, optional } of panelNamed(panel).parameters) {
		// Filled in from the scope.
		if (name === 'days') continue;
		// Refused where days are not shown.
		if (!days && (listedKeys as readonly string[]).includes(name)) continue;
		const value: Answerable =
			type === 'population'
				? readPopulation(someFilters(roll, stock, days)).population
				: name === 'measure'
					? roll.one(/^(hospital|around)_/.test(panel) ? hospitalMeasures.map((one) => one.id) : stock.measures)
					: name === 'year'
						? 2024 + roll.upTo(2)
						: name === 'by' || (/^hospital_/.test(panel) && (name === 'dimension' || name === 'value'))
							? 'all'
							: name === 'list'
								? roll.one(lists)
								: name === 'sort'
									? roll.one(sorts)
									: name === 'unit'
										? roll.one(['pharm', 'presc', 'plan'])
										: name === 'plan_type'
											? 'MA-PD'
											: name === 'chosen'
												? [...(stock.values.pharm ?? [])]
												: name === 'claims'
													? stock.claims
													: name === 'first'
														? 0
														: name === 'number'
															? 1
															: name === 'rows' || (name in listed && !days)
																? null
																: name in listed
																	? roll.one([listed[name]!, null])
																	: name === 'service_id' || name === 'data_source'
																		? service[name]
																		: name === 'pid'
																			? person.pid
																			: name === 'patient_no'
																				? person.patient_no
																				: name === 'patient_id'
																					? person.patient_id
																					: type === 'boolean'
																						? roll.is(0.5)
																						: type === 'integer'
																							? roll.upTo(5)
																							: type === 'varchar'
																								? roll.one(stock.measures)
																								: type === 'varchar[]' && !optional
																									? []
																									: null;
		given[name] = optional && roll.is(0.4) ? undefined : value;
	}
	return given;
}
