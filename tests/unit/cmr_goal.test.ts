import { describe, expect, it } from 'vitest';
import { contractGoals, goalsAmong, neededInAll, planTypeOf } from '$lib/domain/cmr_goal';
import type { CutPoint } from '$lib/domain/headline';

const cut = (plan_type: string, minimum: number): CutPoint => ({
	measure: 'cmr_completion',
	ratings_year: 2026,
	measure_year: 2024,
	plan_type,
	stars: 4,
	minimum,
	source: 'CMS',
	is_goal: true
});
const cuts = [cut('MA-PD', 0.91), { ...cut('MA-PD', 0.96), stars: 5, is_goal: false }, cut('PDP', 0.7)];
const contract = (value: string | null, numerator: number | null, denominator: number | null) => ({
	value,
	numerator,
	denominator
});

describe('what the CMR completion of contracts still needs', () => {
	it('holds stand-alone drug plans to their own goal', () => {
		expect(['S5601', 's5601', 'H1234', 'R1234', null].map(planTypeOf)).toEqual([
			'PDP',
			'PDP',
			'MA-PD',
			'MA-PD',
			'MA-PD'
		]);
		const goals = contractGoals([contract('S9002', 111, 200), contract('H9001', 111, 200)], cuts, 31);
		expect(goals.map((one) => one.needed)).toEqual([29, 71]);
		expect(neededInAll(goals)).toBe(100);
		expect(goalsAmong(goals).map((one) => [one.plan_type, one.minimum])).toEqual([
			['MA-PD', 0.91],
			['PDP', 0.7]
		]);
	});
	it('lets one that is over its goal make up for no other', () => {
		expect(neededInAll(contractGoals([contract('H1', 100, 100), contract('H2', 0, 100)], cuts, 31))).toBe(91);
	});
	it('does not know the sum where one is hidden, or no goal is there', () => {
		expect(neededInAll(contractGoals([contract('H1', 10, 100), contract('H2', null, null)], cuts, 31))).toBeNull();
		expect(neededInAll(contractGoals([contract('H1', 10, 100)], [], 31))).toBeNull();
		expect(neededInAll([])).toBeNull();
	});
	it('says which CMS scores: 31 people and more', () => {
		const goals = contractGoals([contract('H1', 1, 31), contract('H2', 1, 30), contract('H3', null, null)], cuts, 31);
		expect(goals.map((one) => one.isScored)).toEqual([true, false, null]);
	});
});
