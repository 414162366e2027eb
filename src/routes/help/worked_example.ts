import { dayOf } from '$lib/domain/day';
import { whatIf, type DispensedFill, type History } from '$lib/domain/what_if';

/** An invented patient: an early refill in February, a gap in summer, and the end of September as the as-of day. */
const fills: DispensedFill[] = [
	{ ingredient: 'atorvastatin', dispensed_on: '2026-01-12', days_supply: 90 },
	{ ingredient: 'atorvastatin', dispensed_on: '2026-04-02', days_supply: 90 },
	{ ingredient: 'atorvastatin', dispensed_on: '2026-08-03', days_supply: 30 }
];
const history: History = {
	fills,
	stays: [],
	period: { index_date: '2026-01-12', period_end: '2026-12-31', as_of: '2026-09-30' },
	rule: { threshold_percent: 80, min_ingredients: 1 }
};

/** The worked example of the help page, computed by the same function as every patient's. */
export function workedExample() {
	const result = whatIf(history);
	const elapsed = dayOf(history.period.as_of) - dayOf(history.period.index_date) + 1;
	const period = dayOf(history.period.period_end) - dayOf(history.period.index_date) + 1;
	const missed = result.gaps.reduce((sum, gap) => sum + gap.days, 0);
	return {
		fills,
		...history.period,
		gaps: result.gaps,
		covered_spans: result.covered,
		outcomes: result.outcomes,
		elapsed,
		period,
		missed,
		covered: elapsed - missed,
		may_miss: Math.floor(period / 5),
		left: Math.floor(period / 5) - missed
	};
}
