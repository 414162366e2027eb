import { expect, test } from 'vitest';
import { freshness, monthOddities } from '$lib/domain/freshness';
import { languageName } from '$lib/domain/language';
import { anyone } from '$lib/domain/population';
import { readReview } from '$lib/domain/review';

const known = {
	year: 2026,
	latest: 2026,
	population: anyone(),
	measures: ['pdc_statins'],
	lists: ['adherence_at_risk', 'first_fill_only'],
	days: true
};
const read = (words: string, over = {}) => readReview(new URLSearchParams(words), { ...known, ...over });

test('a bare address shows those at risk; a measure or "all" shows everyone', () => {
	expect(read('').review.list).toBe('adherence_at_risk');
	expect(read('status=overdue').review.list).toBe('adherence_at_risk');
	expect(read('measure=pdc_statins').review).toMatchObject({ list: null, measure: 'pdc_statins' });
	expect(read('list=all').review).toMatchObject({ list: null, measure: null });
	expect(read('measure=pdc_statins&list=first_fill_only').review.list).toBe('first_fill_only');
});

test('lists belong to the latest year', () => {
	expect(read('', { year: 2025 })).toMatchObject({ review: { list: null }, problems: [] });
	expect(read('list=first_fill_only', { year: 2025 })).toMatchObject({
		review: { list: null },
		problems: [{ key: 'list' }]
	});
});

test('what is unknown is said and not used', () => {
	const { review, problems } = read('measure=x&list=y&sort=z&phone=maybe');
	expect(review).toMatchObject({ measure: null, list: null, sort: 'priority', phone: null });
	expect(problems.map((problem) => problem.key)).toEqual(['measure', 'list', 'sort', 'phone']);
});

test('data is current to 31 days, late to 45, then stale', () => {
	expect([0, 31, 32, 45, 46].map(freshness)).toEqual(['current', 'current', 'late', 'late', 'stale']);
});

test('a month under half of the usual, or with none, stands out; thin sources and the newest month are not judged', () => {
	const counts = [100, 110, 90, 100, 49, 50, 0, 100, 10].map((rows, at) => ({
		month: `2026-0${at + 1}-01`,
		rows
	}));
	const found = monthOddities(counts, '2025-12-01', '2026-09-01', 1).map((month) => month.oddity);
	expect(found).toEqual([null, null, null, null, null, 'half', null, 'missing', null, 'filling_in']);
	const thin = counts.map(({ month, rows }) => ({ month, rows: Math.round(rows / 20) }));
	expect(monthOddities(thin, '2025-12-01', '2026-09-01', 1).filter((month) => month.oddity)).toHaveLength(1);
});

test('language codes read as languages, words stay as they are', () => {
	expect(['es', 'spa', 'Spanish', 'zz9'].map(languageName)).toEqual(['Spanish', 'Spanish', 'Spanish', 'zz9']);
});

test('who sees no days cannot sort by them, and is told so', () => {
	for (const sort of ['filled', 'runs_out', 'late', 'missed', 'adr', 'lid']) {
		const { review, problems } = read(`sort=${sort}`, { days: false });
		expect(review.sort).toBe('priority');
		expect(problems).toEqual([
			{ key: 'sort', value: sort, why: expect.stringContaining('days are not shown') as string }
		]);
		expect(read(`sort=${sort}`)).toMatchObject({ review: { sort }, problems: [] });
	}
	for (const sort of ['priority', 'patient', 'age', 'pdc', 'best', 'status', 'drug'])
		expect(read(`sort=${sort}`, { days: false })).toMatchObject({ review: { sort }, problems: [] });
});
