import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder, needed } from '$lib/server/build/order';
import { factsBehind } from '$lib/server/build/tables';
import { openDatabase } from '$lib/server/duckdb';

const work = (makes: string, ...reads: string[]) => ({ makes, reads: async () => reads });
const names = async (works: ReturnType<typeof work>[], ...wanted: string[]) =>
	inOrder(await needed(works, wanted)).map((step) => step.makes);

const works = [
	work('view', 'fact', 'setting'),
	work('fact', 'fill', 'person'),
	work('fill', 'person', 'pharmacy_claim'),
	work('person', 'eligibility'),
	work('other', 'person', 'other'),
	work('check', 'other', 'view')
];

test('what is wanted is made after what it reads, and nothing else is made', async () => {
	expect(await names(works, 'view')).toEqual(['person', 'fill', 'fact', 'view']);
	expect(await names(works, 'other')).toEqual(['person', 'other']);
	expect(await names(works, 'person', 'fill')).toEqual(['person', 'fill']);
	expect(await names(works, 'eligibility')).toEqual([]);
});

test('tables that read each other are an error that names them', async () => {
	const circle = [work('a', 'b'), work('b', 'a'), work('c')];
	expect(await names(circle, 'c')).toEqual(['c']);
	await expect(names(circle, 'a')).rejects.toThrow('these tables read each other: a, b');
});

test('in any graph without a circle, what is made is what can be reached, each after what it reads', async () => {
	// A table reads tables of higher numbers alone.
	const graph = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
	await fc.assert(
		fc.asyncProperty(graph, fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }), async (drawn, wanted) => {
			const reads = drawn.map((all, at) => all.filter((other) => other > at && other < drawn.length));
			const made = await names(
				reads.map((all, at) => work(`t${at}`, ...all.map((other) => `t${other}`))),
				...wanted.map((at) => `t${at}`)
			);
			const reached = new Set<number>();
			const walk = (at: number) => {
				if (at >= drawn.length) return;
				reached.add(at);
				reads[at]!.forEach(walk);
			};
			wanted.forEach(walk);
			expect([...made].sort()).toEqual([...reached].map((at) => `t${at}`).sort());
			for (const at of reached)
				for (const other of reads[at]!) expect(made.indexOf(`t${other}`)).toBeLessThan(made.indexOf(`t${at}`));
		})
	);
});

test('adherence is made of facts of claims and rosters, what MTM documents of these too', async () => {
	const database = await openDatabase();
	try {
		const connection = await database.connect();
		const adherence = await factsBehind(connection, ['adherence_fact']);
		expect(adherence).toEqual(expect.arrayContaining(['adherence_fact', 'fill', 'ndc_class', 'stay_span', 'person']));
		expect(adherence.filter((fact) => /mtm|recommendation|cmr|setting/.test(fact))).toEqual([]);
		const answers = await factsBehind(connection, ['adherence_around_answer']);
		expect(answers).toEqual(expect.arrayContaining(['recommendation_fact', 'mtm_session', 'fill', 'enrollment_span']));
		expect(answers).not.toContain('adherence_fact');
	} finally {
		database.close();
	}
});
