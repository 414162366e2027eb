import { count, percent, percentNumber, plural } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, Point } from './point';

/** A day after sending on which answers came: how many waited before it, how many answered, the share answered by then (Kaplan-Meier). */
export type ResponseDay = {
	days: number;
	waiting: number;
	answers: number;
	share: number;
	lower: number;
	upper: number;
};

/** The first day by which half were answered; null when that has not been reached. */
export const medianDays = (days: ResponseDay[]): number | null => days.find((one) => one.share >= 0.5)?.days ?? null;

/** "Half were answered within 9 days; 71.0% by day 30." */
export function responseSentence(days: ResponseDay[]): string {
	const median = medianDays(days);
	const by30 = days.filter((one) => one.days <= 30).at(-1);
	if (!days.length) return 'No answer has come yet.';
	return `${median === null ? 'Fewer than half have been answered so far' : `Half were answered within ${plural(median, 'day')}`}; ${percent(by30?.share ?? 0)} by day 30. Open ones count as waiting, not as refused.`;
}

/** What the keyboard cursor says of each day. */
export const responsePoints = (days: ResponseDay[]): Point[] => [
	{ say: `Sent: ${plural(days[0]?.waiting ?? 0, 'recommendation')} waiting` },
	...days.map((one) => ({
		say: `Day ${one.days}: ${percent(one.share)} answered (95% ${percentNumber(one.lower)} to ${percentNumber(one.upper)}), ${count(one.waiting)} waiting before it`
	}))
];

/** A stepped line of the share answered by day, with its 95% limits as thin lines. */
export function responseCurve(days: ResponseDay[]): Draw {
	const at = (key: 'share' | 'lower' | 'upper') => [[0, 0], ...days.map((one) => [one.days, one[key] * 100])];
	return (palette) => {
		const limit = (key: 'lower' | 'upper') => ({
			type: 'line',
			step: 'end',
			showSymbol: false,
			silent: true,
			data: at(key),
			lineStyle: { color: palette.context, width: 1, type: [3, 3] }
		});
		return {
			grid: { left: 8, right: 24, top: 28, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
			xAxis: {
				type: 'value',
				min: 0,
				minInterval: 1,
				name: 'Days since the recommendation was sent',
				nameLocation: 'middle',
				nameGap: 28,
				...axisText(palette),
				splitLine: { show: false }
			},
			yAxis: {
				type: 'value',
				min: 0,
				max: 100,
				name: 'Answered (%)',
				...axisText(palette),
				nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
			},
			series: [
				{
					type: 'line',
					step: 'end',
					showSymbol: false,
					symbolSize: 8,
					data: at('share'),
					lineStyle: { color: palette.series[0], width: 3 },
					itemStyle: { color: palette.series[0] }
				},
				limit('lower'),
				limit('upper')
			]
		};
	};
}
