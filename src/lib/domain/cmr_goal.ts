import type { CutPoint } from './headline';
import { neededToGoal } from './interval';

export const planTypes = ['MA-PD', 'PDP'] as const;
export type PlanType = (typeof planTypes)[number];

/** How CMS compares a contract, by the first letter of its number: S is a stand-alone drug plan (PDP); the others, and people without a contract, are judged as MA-PD. */
export const planTypeOf = (contract: string | null): PlanType => (/^s/i.test(contract ?? '') ? 'PDP' : 'MA-PD');

/** What a contract's CMR completion still needs; null where its counts are hidden or no goal is known. */
export type ContractGoal = {
	contract: string | null;
	goal: CutPoint | null;
	needed: number | null;
	/** False where CMS scores it in no case, because too few are counted; null where how many is hidden. */
	isScored: boolean | null;
};

/** What every contract needs for the least rate of four stars of its kind of plan. `least`: people that CMS scores at least (a setting). */
export function contractGoals(
	contracts: { value: string | null; numerator: number | null; denominator: number | null }[],
	cuts: CutPoint[],
	least: number
): ContractGoal[] {
	return contracts.map(({ value, numerator, denominator }) => {
		const type = planTypeOf(value);
		const goal = cuts.find((cut) => cut.measure === 'cmr_completion' && cut.is_goal && cut.plan_type === type) ?? null;
		return {
			contract: value,
			goal,
			needed:
				goal && numerator !== null && denominator !== null ? neededToGoal(goal.minimum, numerator, denominator) : null,
			isScored: denominator === null ? null : denominator >= least
		};
	});
}

/** What all of them need together, each for its own goal: one that is over it makes up for no other. Null where that is not known of every one. */
export const neededInAll = (goals: ContractGoal[]): number | null =>
	goals.length && goals.every((one) => one.needed !== null) ? goals.reduce((sum, one) => sum + one.needed!, 0) : null;

/** The goals that stand among them, once each. */
export const goalsAmong = (goals: ContractGoal[]): CutPoint[] =>
	planTypes.flatMap((type) => goals.find((one) => one.goal?.plan_type === type)?.goal ?? []);
