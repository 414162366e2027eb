import { cellCount, cellPlural, cellSum, hides, type Cell, type Released } from '$lib/domain/hidden';
import { day, dayAfter, plural, shortDay } from '$lib/domain/wording';
import { axisText, hatch } from './palette';
import type { Draw, Point } from './point';

/** Patients below the threshold whose last useful fill falls in one week. */
export type WeekOfLastFills = Released & { from_on: string; to_on: string; patients: Cell };

/** "9 can no longer reach 80% after 7 Oct; 46 have until later." */
export function lastDatesSentence(weeks: WeekOfLastFills[], threshold: number): string {
	const total = weeks.reduce((sum, week) => sum + (week.patients ?? 0), 0);
	const first = weeks[0];
	if (weeks.some((week) => hides(week, 'patients')))
		return `Patients below ${threshold}% who can still reach it; weeks of few people are not shown.`;
	if (!first || total === 0) return `Nobody is below ${threshold}% and able to reach it.`;
	return `${plural(total, 'patient is', 'patients are')} below ${threshold}% and can still reach it; for ${cellCount(first, 'patients')} the last useful fill is by ${day(first.to_on)}.`;
}

/** What the keyboard cursor says of each week. */
export const lastDatesPoints = (
	weeks: WeekOfLastFills[],
	href: (week: WeekOfLastFills) => string | undefined
): Point[] =>
	weeks.map((week) => ({
		say: `Last useful fill ${shortDay(week.from_on)} to ${shortDay(week.to_on)}: ${cellPlural(week, 'patients', 'patient')}`,
		href: href(week)
	}));

/** One bar a week; the first week, the last chance, is hatched. */
export function lastDates(weeks: WeekOfLastFills[]): Draw {
	return (palette) => ({
		grid: { left: 8, right: 16, top: 28, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		tooltip: {
			trigger: 'item',
			backgroundColor: palette.ground,
			borderColor: palette.edge,
			textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
			formatter: (mark: { dataIndex: number }) => {
				const week = weeks[mark.dataIndex];
				return week
					? `${shortDay(week.from_on)} to ${shortDay(week.to_on)}<br><b>${cellPlural(week, 'patients', 'patient')}</b>`
					: '';
			}
		},
		xAxis: {
			type: 'category',
			data: weeks.map((week) => shortDay(week.from_on)),
			name: 'Last useful fill, week from',
			nameLocation: 'middle',
			nameGap: 28,
			...axisText(palette)
		},
		yAxis: { type: 'value', minInterval: 1, name: 'Patients', ...axisText(palette) },
		series: [
			{
				type: 'bar',
				barCategoryGap: '12%',
				cursor: 'pointer',
				data: weeks.map((week, index) => ({
					value: week.patients,
					itemStyle:
						index === 0
							? {
									color: palette.belowGround,
									borderColor: palette.below,
									borderWidth: 1,
									decal: hatch(palette)
								}
							: { color: palette.above, decal: { symbol: 'none' } },
					emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } }
				}))
			}
		]
	});
}

/** Weeks of seven days from the day after the as-of day to the last one needed, empty ones too. */
export function weeksOf(days: (Released & { on_day: string; patients: Cell })[], asOf: string): WeekOfLastFills[] {
	const last = days.at(-1)?.on_day;
	if (!last) return [];
	const weeks: WeekOfLastFills[] = [];
	for (let from_on = dayAfter(asOf, 1); from_on <= last; from_on = dayAfter(from_on, 7)) {
		const to_on = dayAfter(from_on, 6);
		const own = days.filter((one) => one.on_day >= from_on && one.on_day <= to_on);
		const patients = cellSum(own, 'patients');
		weeks.push({ from_on, to_on, patients, ...(patients === null ? { hidden: { patients: 'hidden' } } : {}) });
	}
	return weeks;
}
