import { comparedWords, type Comparison, type TrendMonth } from '$lib/domain/comparison';
import { cellCount, cellRate, shareOf } from '$lib/domain/hidden';
import { monthName, percent } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, LegendEntry, Point } from './point';

const share = shareOf;

/** The last month of a year that lies whole before or on the as-of day: 1..12, 0 when there is none. */
export function lastFullMonth(asOf: string, year: number): number {
	const [y = 0, m = 0, d = 0] = asOf.slice(0, 10).split('-').map(Number);
	if (y > year) return 12;
	if (y < year) return 0;
	return d === new Date(Date.UTC(y, m, 0)).getUTCDate() ? m : m - 1;
}

/** "At the end of Sep 84.1% were at 80% or above to date, 1.2 points lower than a year before (85.3%)." */
export function trendSentence(
	months: TrendMonth[],
	threshold: number,
	comparison: Comparison,
	goal: number | null
): string {
	const begun = months.filter((month) => month.denominator !== 0);
	const now = begun.filter((month) => share(month.numerator, month.denominator) !== null).at(-1);
	if (!now && begun.length) return 'No month can be shown: few people are counted, or would follow.';
	if (!now)
		return 'No month of this year can be shown yet: a month counts once patients have an index fill by its end.';
	const value = share(now.numerator, now.denominator)!;
	const compared = comparedWords(months, now.month, comparison, goal);
	return `At the end of ${monthName(now.month)} ${percent(value)} were at ${threshold}% or above to date${compared === null ? '' : `; ${compared}`}.`;
}

/** What the keyboard cursor says of each month. */
export function trendPoints(months: TrendMonth[], year: number, comparison: Comparison): Point[] {
	return months.map((month) => ({
		say:
			`${monthName(month.month)}: ` +
			(month.denominator !== 0
				? `${year} ${cellRate(month, 'numerator', 'denominator')}, ${cellCount(month, 'numerator')} of ${cellCount(month, 'denominator')}`
				: `${year} not yet`) +
			(comparison === 'py' && month.last_denominator !== 0
				? `; ${year - 1} ${cellRate(month, 'last_numerator', 'last_denominator')}, ${cellCount(month, 'last_numerator')} of ${cellCount(month, 'last_denominator')}`
				: '')
	}));
}

export const trendLegend = (year: number, comparison: Comparison): LegendEntry[] => [
	{ name: String(year), look: 'line' },
	...(comparison === 'py' ? [{ name: String(year - 1), look: 'dashed' } as const] : [])
];

/** Lines over twelve months: this year whole, last year dashed where it is compared with, goal as a thin line when there is one. */
export function trend(months: TrendMonth[], year: number, goal: number | null, comparison: Comparison): Draw {
	const withLast = comparison === 'py';
	const values = months
		.flatMap((month) => [
			share(month.numerator, month.denominator),
			withLast ? share(month.last_numerator, month.last_denominator) : null
		])
		.filter((value): value is number => value !== null);
	const low = Math.max(0, Math.floor((Math.min(...values, goal ?? 1) * 100 - 4) / 5) * 5);
	return (palette, hidden) => ({
		grid: { left: 8, right: 24, top: 32, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		tooltip: {
			trigger: 'axis',
			backgroundColor: palette.ground,
			borderColor: palette.edge,
			textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
			formatter: (marks: { dataIndex: number }[]) => {
				const month = months[marks[0]?.dataIndex ?? 0];
				if (!month) return '';
				const line = (name: number, n: 'numerator' | 'last_numerator', d: 'denominator' | 'last_denominator') =>
					month[d] !== 0
						? `${name}: <b>${cellRate(month, n, d)}</b> ${cellCount(month, n)} of ${cellCount(month, d)}`
						: `${name}: not yet`;
				return `End of ${monthName(month.month)}<br>${line(year, 'numerator', 'denominator')}${withLast ? `<br>${line(year - 1, 'last_numerator', 'last_denominator')}` : ''}`;
			}
		},
		xAxis: { type: 'category', data: months.map((month) => monthName(month.month)), ...axisText(palette) },
		yAxis: {
			type: 'value',
			min: low,
			max: 100,
			name: low > 0 ? `% (axis starts at ${low})` : '%',
			...axisText(palette),
			nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
		},
		series: [
			{
				type: 'line',
				name: String(year),
				data: months.map((month) => {
					const value = hidden.has(String(year)) ? null : share(month.numerator, month.denominator);
					return value === null ? null : value * 100;
				}),
				symbol: 'circle',
				symbolSize: 7,
				lineStyle: { color: palette.series[0], width: 3 },
				itemStyle: { color: palette.series[0] },
				markLine:
					goal === null
						? undefined
						: {
								silent: true,
								symbol: 'none',
								animation: false,
								lineStyle: { color: palette.below, type: [2, 3], width: 1.5 },
								label: {
									formatter: `goal ${percent(goal, 0)}`,
									color: palette.below,
									fontFamily: palette.font,
									position: 'insideStartTop'
								},
								data: [{ yAxis: goal * 100 }]
							}
			},
			{
				type: 'line',
				name: String(year - 1),
				data: months.map((month) => {
					const value =
						hidden.has(String(year - 1)) || !withLast ? null : share(month.last_numerator, month.last_denominator);
					return value === null ? null : value * 100;
				}),
				symbol: 'emptyCircle',
				symbolSize: 5,
				lineStyle: { color: palette.context, width: 2, type: [5, 4] },
				itemStyle: { color: palette.context }
			}
		]
	});
}
