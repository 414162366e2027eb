import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder, needed } from '$lib/server/build/order';

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
