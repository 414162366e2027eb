import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, isoOf } from '$lib/domain/day';
import { openDatabase } from '$lib/server/duckdb';
import { shippedFolder } from '$lib/server/reference/table';
import { computed, type Built, type Given } from '../cases/warehouse';

// Medicines on hand and the lists of problems that they show, held to a walk over the calendar, fill by fill.

const asOf = dayOf('2026-10-31');
const products = {
	pravastatin: ['pravastatin'],
	simvastatin: ['simvastatin'],
	metformin: ['metformin'],
	'glipizide+metformin': ['glipizide', 'metformin'],
	lisinopril: ['lisinopril'],
	losartan: ['losartan'],
	'amlodipine+benazepril': ['amlodipine', 'benazepril'],
	amlodipine: ['amlodipine'],
	warfarin: ['warfarin'],
	ibuprofen: ['ibuprofen'],
	oxycodone: ['oxycodone'],
	'acetaminophen+hydrocodone': ['acetaminophen', 'hydrocodone'],
	lorazepam: ['lorazepam'],
	'amitriptyline+chlordiazepoxide': ['amitriptyline', 'chlordiazepoxide'],
	oxybutynin: ['oxybutynin'],
	nortriptyline: ['nortriptyline'],
	evolocumab: ['evolocumab'],
	Lipitor: ['atorvastatin'],
	atorvastatin: ['atorvastatin'],
	unknown: []
};
type Product = keyof typeof products;
const names = Object.keys(products) as Product[];
const clusters: Product[][] = [
	names,
	['pravastatin', 'simvastatin'],
	['metformin', 'glipizide+metformin', 'pravastatin'],
	['metformin', 'glipizide+metformin', 'evolocumab'],
	['metformin', 'glipizide+metformin', 'lisinopril'],
	['lisinopril', 'losartan', 'amlodipine+benazepril', 'amlodipine'],
	['oxycodone', 'acetaminophen+hydrocodone', 'lorazepam', 'amitriptyline+chlordiazepoxide'],
	['oxybutynin', 'nortriptyline', 'amitriptyline+chlordiazepoxide'],
	['warfarin', 'ibuprofen'],
	['Lipitor', 'atorvastatin', 'simvastatin'],
	['Lipitor', 'Lipitor', 'atorvastatin'],
	['Lipitor', 'Lipitor', 'atorvastatin']
];
/** Products of which the strength matters: 10 mg each, and simvastatin of 40 mg. */
const ndcs: Partial<Record<Product, string>> = {
	Lipitor: '00071015523',
	atorvastatin: '00378395005',
	simvastatin: '00006074907',
	unknown: '99999999999'
};
const person = fc.constantFrom(...clusters).chain((cluster) =>
	fc.record({
		born: fc.constantFrom(
			'1955-06-15',
			'1955-06-15',
			'1955-06-15',
			'1955-06-15',
			'1950-01-01',
			'1951-01-02',
			'1961-01-01',
			'1961-01-02',
			'1986-01-01',
			'1986-01-02',
			'2008-01-01',
			'2008-01-02'
		),
		died: fc.option(fc.constantFrom(-20, 0, 1), { nil: null, freq: 12 }),
		fills: fc.array(
			fc.record({
				product: fc.constantFrom(...cluster),
				on: fc.oneof(
					fc.integer({ min: -420, max: 3 }),
					fc.integer({ min: -60, max: 0 }),
					fc.constantFrom(-365, -364, -303, -304, -180, -179, -90, -89)
				),
				days: fc.oneof(fc.constantFrom(30, 90, 15), fc.integer({ min: 1, max: 120 })),
				quantity: fc.constantFrom(null, 0, 30, 60, 90),
				paid: fc.constantFrom(null, 0, 3, 4.5, 90, 120),
				copaid: fc.constantFrom(null, 0, 3, 10),
				prescriber: fc.constantFrom(null, '1', '2', '3', '4', '5', '6'),
				pharmacy: fc.constantFrom('1', '2', '3', '4'),
				fate: fc.constantFrom('paid', 'paid', 'paid', 'paid', 'paid', 'reversed', 'replaced', 'denied', 'twice')
			}),
			{ minLength: 8, maxLength: 18, size: 'max' }
		)
	})
);
const people = fc.sample(person, { numRuns: 2000, seed: 7 });

type Fill = {
	on: number;
	days: number;
	product: Product;
	prescriber: string | null;
	pharmacy: string;
	quantity: number | null;
	paid: number | null;
	copaid: number | null;
	/** What tells the last of several fills of one day. */
	id: string;
};
/** The fills that stand: of a replaced one the one that replaces it (ten days' supply), of one sent by two sources both. */
const standing = (one: (typeof people)[number], at: number): Fill[] =>
	one.fills.flatMap((fill, number) => {
		const from = (source: string, end = '', more = {}) => ({
			...fill,
			id: `${source} P${at}-${number}${end}`,
			...more
		});
		if (fill.on > 0 || fill.fate === 'reversed' || fill.fate === 'denied') return [];
		if (fill.fate === 'twice') return [from('chain'), from('plan')];
		return fill.fate === 'replaced' ? [from('plan', '-a', { days: 10 })] : [from('plan')];
	});
const holds = (fill: Fill, day: number) => fill.on <= day && day < fill.on + fill.days;
const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const yearStart = dayOf('2026-01-01') - asOf;
const distinct = <T>(list: T[]) => [...new Set(list)];

let groups: Map<string, string[]>;
const inGroup = (group: string, product: Product) =>
	(products[product] as string[]).filter((ingredient) => groups.get(group)!.includes(ingredient));

let built: Built;
beforeAll(async () => {
	const database = await openDatabase();
	const connection = await database.connect();
	const known = new Map(
		(
			await connection.rows<{ name: string; ndc11: string }>(
				`select array_to_string(ingredients, '+') as name, min(ndc11) as ndc11 from read_parquet($file) group by 1`,
				{ file: join(shippedFolder(), 'drug.parquet') }
			)
		).map((row) => [row.name, row.ndc11])
	);
	groups = new Map(
		(
			await connection.rows<{ drug_group: string; ingredients: string }>(
				`select drug_group, string_agg(ingredient, '|') as ingredients from read_csv($file) group by 1`,
				{ file: join(shippedFolder(), 'drug_group.csv') }
			)
		).map((row) => [row.drug_group, row.ingredients.split('|')])
	);
	database.close();
	const given: Given = { eligibility: [], pharmacy_claim: [], medical_claim: [] };
	for (const [at, one] of people.entries()) {
		const person_id = `P${at}`;
		given.eligibility!.push({
			person_id,
			birth_date: one.born,
			death_date: one.died === null ? null : isoOf(asOf + one.died),
			enrollment_start_date: '2024-01-01',
			enrollment_end_date: '2026-12-31'
		});
		for (const [number, fill] of one.fills.entries()) {
			const claim = {
				claim_id: `${person_id}-${number}`,
				person_id,
				dispensing_date: isoOf(asOf + fill.on),
				days_supply: fill.days,
				quantity: fill.quantity,
				ndc_code: ndcs[fill.product] ?? known.get(fill.product)!,
				paid_amount: fill.paid,
				copayment_amount: fill.copaid,
				prescribing_provider_npi: fill.prescriber,
				dispensing_provider_npi: fill.pharmacy
			};
			const rows = given.pharmacy_claim!;
			rows.push(fill.fate === 'denied' ? { ...claim, claim_status: 'denied' } : claim);
			if (fill.fate === 'twice') rows.push({ ...claim, data_source: 'chain' });
			if (fill.fate === 'reversed')
				rows.push({
					...claim,
					claim_id: `${claim.claim_id}-r`,
					claim_status: 'reversed',
					original_claim_id: claim.claim_id
				});
			if (fill.fate === 'replaced')
				rows.push({
					...claim,
					claim_id: `${claim.claim_id}-a`,
					claim_status: 'adjusted',
					original_claim_id: claim.claim_id,
					days_supply: 10
				});
		}
	}
	built = await computed(given, { asOf: isoOf(asOf), only: ['medication', 'review_list', 'list_row'] });
}, 300_000);
afterAll(() => built.close());

const alive = (one: (typeof people)[number]) => one.died === null || one.died > 0;
const ageOf = (one: (typeof people)[number]) =>
	2026 - Number(one.born.slice(0, 4)) - (one.born.slice(5) > '01-01' ? 1 : 0);

/** Each person's rows of a list, as `subject: words`, against what the walk says. */
async function held(list: string, words: string, walk: (one: (typeof people)[number], fills: Fill[]) => string[]) {
	const rows = await built.connection.rows<{ who: string; words: string }>(
		`select patient_id as who, ${words} as words from list_row where list = $list and (list <> 'dose_above_limit' or subject = 'simvastatin') order by 1, 2`,
		{ list }
	);
	const got = people.map((_, at) => rows.filter((row) => row.who === `P${at}`).map((row) => row.words));
	const wanted = people.map((one, at) => (alive(one) ? walk(one, standing(one, at)).sort() : []));
	const wrong = people.flatMap((one, at) =>
		JSON.stringify(got[at]) === JSON.stringify(wanted[at])
			? []
			: [{ at, got: got[at], wanted: wanted[at], one: JSON.stringify(one) }]
	);
	expect(wrong.slice(0, 4)).toEqual([]);
	expect(wanted.flat().length).toBeGreaterThan(12);
}

const boxOf = (fills: Fill[], ingredient: string) => {
	let box = 0;
	for (const day of days(-364, 0)) {
		if (day > -364) box = Math.max(0, box - 1);
		for (const fill of fills)
			if (fill.on === day && (products[fill.product] as string[]).includes(ingredient)) box += fill.days;
	}
	return box;
};
const onHand = (fills: Fill[]) =>
	distinct(fills.flatMap((fill) => products[fill.product] as string[])).filter(
		(ingredient) => boxOf(fills, ingredient) > 0
	);

test('medicines on hand are those of a box for each ingredient', async () => {
	const rows = await built.connection.rows<{ who: string; words: string }>(
		`select patient_id as who, ingredient || ' ' || runs_out_on || ' ' || last_fill_on || ' ' || fills as words
		from medication_fact inner join patient using (patient_no) order by 1, 2`
	);
	const wanted = people.flatMap((one, at) => {
		const fills = standing(one, at);
		return onHand(fills).map((ingredient) => {
			const own = fills.filter((fill) => fill.on > -365 && (products[fill.product] as string[]).includes(ingredient));
			return `P${at} ${ingredient} ${isoOf(asOf + boxOf(fills, ingredient) - 1)} ${isoOf(asOf + Math.max(...own.map((fill) => fill.on)))} ${distinct(own.map((fill) => fill.on)).length}`;
		});
	});
	expect(rows.map((row) => `${row.who} ${row.words}`).sort()).toEqual(wanted.sort());
});

test('two of one class, and one from two prescribers', () =>
	held('duplication', `subject || ': ' || regexp_extract(reason, '(\\d+) days', 1)`, (_, fills) => {
		const found: string[] = [];
		const count = (subject: string, own: Fill[], part: (fill: Fill) => (string | null)[]) => {
			if (own.length < 2) return;
			const twofold = days(-179, 0).filter(
				(day) =>
					distinct(own.filter((fill) => holds(fill, day)).flatMap(part)).filter((each) => each !== null).length > 1
			);
			if (twofold.length >= 30 && twofold.at(-1)! >= -30) found.push(`${subject}: ${twofold.length}`);
		};
		for (const group of [...groups.keys()].filter((each) => each.startsWith('class_'))) {
			count(
				group,
				fills.filter((fill) => inGroup(group, fill.product).length > 0),
				(fill) => inGroup(group, fill.product)
			);
			for (const ingredient of groups.get(group)!)
				count(
					ingredient,
					fills.filter((fill) => (products[fill.product] as string[]).includes(ingredient)),
					(fill) => [fill.prescriber]
				);
		}
		return found;
	}));

const yearly = (fills: Fill[], group: string) =>
	fills.filter((fill) => fill.on >= yearStart && inGroup(group, fill.product).length > 0);

test('opioid with benzodiazepine', () =>
	held('opioid_and_benzodiazepine', `regexp_extract(reason, '(\\d+) days', 1)`, (one, fills) => {
		const opioid = yearly(fills, 'opioid');
		const benzodiazepine = yearly(fills, 'benzodiazepine');
		const both = days(yearStart, 0).filter(
			(day) => opioid.some((fill) => holds(fill, day)) && benzodiazepine.some((fill) => holds(fill, day))
		).length;
		return ageOf(one) >= 18 &&
			distinct(opioid.map((fill) => fill.on)).length >= 2 &&
			opioid.reduce((sum, fill) => sum + fill.days, 0) >= 15 &&
			distinct(benzodiazepine.map((fill) => fill.on)).length >= 2 &&
			both >= 30
			? [String(both)]
			: [];
	}));

test('two anticholinergics', () =>
	held('two_anticholinergics', `regexp_extract(reason, '(\\d+) days', 1)`, (one, fills) => {
		const all = yearly(fills, 'anticholinergic');
		const has = (fill: Fill, ingredient: string) => inGroup('anticholinergic', fill.product).includes(ingredient);
		const repeated = groups
			.get('anticholinergic')!
			.filter((ingredient) => distinct(all.filter((fill) => has(fill, ingredient)).map((fill) => fill.on)).length >= 2);
		const both = days(yearStart, 0).filter(
			(day) =>
				repeated.filter((ingredient) => all.some((fill) => has(fill, ingredient) && holds(fill, day))).length >= 2
		).length;
		return ageOf(one) >= 65 && both >= 30 ? [String(both)] : [];
	}));

test('diabetes without a statin', () =>
	held('statin_in_diabetes', `regexp_extract(reason, '(\\d+) days', 1)`, (one, fills) => {
		const on = distinct(yearly(fills, 'supd_diabetes').map((fill) => fill.on));
		const out = yearly(fills, 'supd_statin').length + yearly(fills, 'supd_exception').length > 0;
		return ageOf(one) >= 40 &&
			ageOf(one) <= 75 &&
			on.length >= 2 &&
			!out &&
			Math.min(...on) <= dayOf('2026-12-31') - 90 - asOf
			? [String(on.length)]
			: [];
	}));

test('interacting pairs', () =>
	held('interacting_pair', 'subject', (_, fills) => {
		const hand = onHand(fills);
		const pairs = (first: string[], second: string[]) =>
			first
				.filter((each) => hand.includes(each))
				.flatMap((one) => second.filter((each) => hand.includes(each)).map((two) => `${one} with ${two}`));
		return [...pairs(['warfarin'], ['ibuprofen']), ...pairs(['lisinopril', 'benazepril'], ['losartan'])];
	}));

test('pick-up days, prescribers and pharmacies', () =>
	held('complex_regimen', 'reason', (_, fills) => {
		const own = fills.filter((fill) => fill.on > -90);
		const [day, prescribers, pharmacies] = [
			distinct(own.map((fill) => fill.on)).length,
			distinct(own.map((fill) => fill.prescriber).filter((each) => each !== null)).length,
			distinct(own.map((fill) => fill.pharmacy)).length
		];
		return [day >= 12, prescribers >= 5, pharmacies >= 3].filter(Boolean).length >= 2
			? [`${day} pick-up days, ${prescribers} prescribers, ${pharmacies} pharmacies in 90 days`]
			: [];
	}));

/** The last fill of an ingredient. */
const lastOf = (fills: Fill[], ingredient: string) =>
	fills
		.filter((fill) => (products[fill.product] as string[]).includes(ingredient))
		.sort((one, two) => one.on - two.on || (one.id < two.id ? -1 : 1))
		.at(-1)!;

test('a brand where a generic costs less', () => {
	const median = (list: number[]) => {
		const sorted = list.sort((one, two) => one - two);
		return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
	};
	const isPriced = (fill: Fill) => (fill.quantity ?? 0) > 0 && fill.paid !== null && fill.copaid !== null;
	const generic = people
		.flatMap(standing)
		.filter((fill) => fill.product === 'atorvastatin' && fill.on > -365 && isPriced(fill));
	const [plan, patient] = [
		median(generic.map((fill) => fill.paid! / fill.quantity!)),
		median(generic.map((fill) => fill.copaid! / fill.quantity!))
	];
	return held('costlier_brand', `subject || ' ' || regexp_extract(reason, '\\$(\\d+)', 1)`, (_, fills) => {
		if (!onHand(fills).includes('atorvastatin')) return [];
		const last = lastOf(fills, 'atorvastatin');
		if (last.product !== 'Lipitor' || !isPriced(last)) return [];
		const more = (30 * (last.paid! + last.copaid! - (plan + patient) * last.quantity!)) / last.days;
		return more > 1e-9 ? [`atorvastatin ${Math.floor(more + 0.005 + 1e-9)}`] : [];
	});
});

test('a dose above the usual highest', () =>
	held('dose_above_limit', 'subject', (_, fills) => {
		if (!onHand(fills).includes('simvastatin')) return [];
		const { quantity, days: supply } = lastOf(fills, 'simvastatin');
		return (40 * (quantity ?? 0)) / supply > 40 * 1.01 ? ['simvastatin'] : [];
	}));
