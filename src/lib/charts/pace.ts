import { count, monthName, plural } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, Point } from './point';

/** Reviews of one month and all of the year up to its end. */
export type PaceMonth = { month: number; reviews: number; running: number };

/** Every month up to the last one begun, from the rows of the panel. */
export function allMonths(rows: { month: number; rows: number | null }[], lastMonth: number): PaceMonth[] {
	let running = 0;
	return Array.from({ length: lastMonth }, (_, at) => {
		const reviews = rows.find((row) => row.month === at + 1)?.rows ?? 0;
		running += reviews;
		return { month: at + 1, reviews, running };
	});
}

/** "143 people reviewed in 9 months, 16 a month. 57 more reach the goal: 19 a month to the year's end." */
export function paceSentence(months: PaceMonth[], needed: number | null, daysLeft: number): string {
	const done = months.at(-1)?.running ?? 0;
	const sofar = `${plural(done, 'person', 'people')} reviewed in ${plural(months.length, 'month')}, ${count(done / Math.max(1, months.length))} a month.`;
	if (needed === null) return sofar;
	if (needed === 0) return `${sofar} The goal is reached.`;
	if (daysLeft <= 0) return `${sofar} The year is over; ${count(needed)} were missing for the goal.`;
	const weeks = daysLeft / 7;
	return `${sofar} ${count(needed)} more reach the goal: ${count(Math.ceil(needed / weeks))} a week for the ${plural(daysLeft, 'day')} left.`;
}

/** What the keyboard cursor says of each month. */
export const pacePoints = (months: PaceMonth[]): Point[] =>
	months.map((one) => ({
		say: `${monthName(one.month)}: ${plural(one.reviews, 'first review')}, ${count(one.running)} in the year so far`
	}));

/** The step of an axis of whole numbers with about four steps up to a number: 1, 2 or 5 times a power of ten. */
function stepFor(most: number): number {
	const power = 10 ** Math.floor(Math.log10(Math.max(1, most / 4)));
	return power * ([1, 2, 5, 10].find((times) => times * power >= most / 4) ?? 10);
}

/** Bars of all reviews so far by month, with the number that reaches the goal as a line. */
export function paceBars(months: PaceMonth[], goal: number | null): Draw {
	// Room above the line for its words; the last mark of the axis is a full step like the others.
	const most = Math.max(goal ?? 0, months.at(-1)?.running ?? 0) * 1.12;
	const step = stepFor(most);
	return (palette) => ({
		grid: { left: 8, right: 16, top: 28, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		xAxis: {
			type: 'category',
			data: Array.from({ length: 12 }, (_, at) => monthName(at + 1)),
			...axisText(palette)
		},
		yAxis: {
			type: 'value',
			minInterval: 1,
			...(goal === null ? {} : { max: Math.ceil(most / step) * step, interval: step }),
			name: 'People reviewed',
			...axisText(palette),
			nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
		},
		series: [
			{
				type: 'bar',
				barCategoryGap: '30%',
				data: months.map((one) => ({ value: one.running, itemStyle: { color: palette.series[0] } })),
				emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } },
				markLine:
					goal === null
						? undefined
						: {
								silent: true,
								symbol: 'none',
								animation: false,
								lineStyle: { color: palette.below, type: [2, 3], width: 1.5 },
								label: {
									formatter: `${count(goal)} reach the goal`,
									color: palette.below,
									fontFamily: palette.font,
									position: 'insideStartTop'
								},
								data: [{ yAxis: goal }]
							}
			}
		]
	});
}
