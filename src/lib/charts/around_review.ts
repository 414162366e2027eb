import type { Cell, Released } from '$lib/domain/hidden';
import { hides } from '$lib/domain/hidden';
import { count, decimal } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, LegendEntry, Point } from './point';

/** A row of the panel `around_review`. */
export type AroundMonth = Released & {
	arm: 'reviewed' | 'unreviewed';
	months_away: number;
	people: Cell;
	numerator: Cell;
	denominator: Cell;
	rate: number | null;
	lower: number | null;
	upper: number | null;
};

export const armNames = { reviewed: 'With a review', unreviewed: 'Eligible without one' } as const;
export const aroundLegend: LegendEntry[] = [
	{ name: armNames.reviewed, look: 'line' },
	{ name: armNames.unreviewed, look: 'dashed' }
];

const away = Array.from({ length: 25 }, (_, at) => at - 12);
const signed = (months: number) => (months > 0 ? `+${months}` : months < 0 ? `−${-months}` : '0');
/** Fewer people than this are not drawn: one stay would make the rate. */
export const fewestPeople = 11;

const rowOf = (rows: AroundMonth[], arm: AroundMonth['arm'], months: number) =>
	rows.find((row) => row.arm === arm && row.months_away === months);
/** The rate as drawn: not in the month of the review itself, nor of few people, nor where counts are hidden. */
const drawn = (row: AroundMonth | undefined): number | null =>
	!row || row.months_away === 0 || hides(row, 'numerator', 'denominator', 'people') || (row.people ?? 0) < fewestPeople
		? null
		: row.rate;

/** True when the group has a month with enough people on either side. */
export const hasGroup = (rows: AroundMonth[], arm: AroundMonth['arm']): boolean =>
	[-1, 1].every((side) =>
		rows.some((row) => row.arm === arm && Math.sign(row.months_away) === side && drawn(row) !== null)
	);

const says = (row: AroundMonth | undefined, name: string) => {
	const rate = drawn(row);
	return rate === null
		? `${name}: not shown`
		: `${name}: ${decimal(rate)}, ${count(row!.numerator)} in ${count(row!.denominator)} member-months`;
};

/** What the keyboard cursor says of each month. */
export const aroundPoints = (rows: AroundMonth[]): Point[] =>
	away.map((months) => ({
		say:
			months === 0
				? 'Month of the review: left out'
				: `Month ${signed(months)}: ${says(rowOf(rows, 'reviewed', months), armNames.reviewed)}; ${says(rowOf(rows, 'unreviewed', months), armNames.unreviewed)}`
	}));

/** Two lines over the months around the review; the month itself is left out. */
export function aroundReview(rows: AroundMonth[], unit: string): Draw {
	const points = aroundPoints(rows);
	return (palette, hidden) => {
		const line = (arm: AroundMonth['arm'], type: number[] | 'solid', color: string, symbol: string) => ({
			type: 'line' as const,
			name: armNames[arm],
			symbol,
			symbolSize: 6,
			data: away.map((months) => (hidden.has(armNames[arm]) ? null : drawn(rowOf(rows, arm, months)))),
			lineStyle: { color, width: 2, type },
			itemStyle: { color }
		});
		return {
			grid: { left: 8, right: 24, top: 32, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
			tooltip: {
				trigger: 'axis',
				backgroundColor: palette.ground,
				borderColor: palette.edge,
				textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
				formatter: (marks: { dataIndex: number }[]) =>
					(points[marks[0]?.dataIndex ?? 0]?.say ?? '').replaceAll('; ', '<br>')
			},
			xAxis: {
				type: 'category',
				data: away.map(signed),
				name: 'months from the review',
				nameLocation: 'middle',
				nameGap: 28,
				...axisText(palette)
			},
			yAxis: {
				type: 'value',
				min: 0,
				name: unit,
				...axisText(palette),
				nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
			},
			series: [
				{
					...line('reviewed', 'solid', palette.series[0], 'circle'),
					markLine: {
						silent: true,
						symbol: 'none',
						animation: false,
						lineStyle: { color: palette.ink, type: [2, 3], width: 1.5 },
						label: { formatter: 'review', color: palette.ink, fontFamily: palette.font, position: 'insideEndTop' },
						data: [{ xAxis: 12 }]
					}
				},
				line('unreviewed', [5, 4], palette.context, 'emptyCircle')
			]
		};
	};
}
