import { count, day, percent, plural, shortDay } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, Point } from './point';

/** How many patients have been won back when everyone with a last useful fill up to a day has filled. */
export type GainDay = { on: string; patients: number; running: number; rate: number };

/** "The first 21 by last useful fill close the gap to 87%: those due by 19 Oct." */
export function gainSentence(days: GainDay[], needed: number, goal: number | null): string {
	const total = days.at(-1)?.running ?? 0;
	if (goal === null) return `${plural(total, 'patient')} can still be won back.`;
	if (needed === 0) return `The goal of ${percent(goal, 0)} is reached; ${count(total)} more could still be won back.`;
	const close = days.find((one) => one.running >= needed);
	return close
		? `The first ${count(needed)} by last useful fill close the gap to ${percent(goal, 0)}: the last of them must fill by ${day(close.on)}.`
		: `Winning back all ${count(total)} would not close the gap to ${percent(goal, 0)}: ${count(needed)} are needed.`;
}

/** What the keyboard cursor says of each day. */
export const gainPoints = (days: GainDay[]): Point[] =>
	days.map((one) => ({
		say: `Up to ${day(one.on)}: ${plural(one.running, 'patient')} won back, rate ${percent(one.rate)}`
	}));

/** A stepped line of patients won back, in the order in which their last useful fill comes. */
export function gain(days: GainDay[], needed: number): Draw {
	return (palette) => ({
		grid: { left: 8, right: 24, top: 28, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		tooltip: {
			trigger: 'axis',
			backgroundColor: palette.ground,
			borderColor: palette.edge,
			textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
			formatter: (marks: { dataIndex: number }[]) => {
				const one = days[marks[0]?.dataIndex ?? 0];
				return one
					? `Up to ${shortDay(one.on)}<br><b>${plural(one.running, 'patient')}</b>, rate ${percent(one.rate)}`
					: '';
			}
		},
		xAxis: {
			type: 'category',
			data: days.map((one) => shortDay(one.on)),
			name: 'Everyone with a last useful fill up to',
			nameLocation: 'middle',
			nameGap: 28,
			boundaryGap: false,
			...axisText(palette)
		},
		yAxis: {
			type: 'value',
			minInterval: 1,
			max: needed > (days.at(-1)?.running ?? 0) ? Math.ceil((needed * 1.1) / 10) * 10 : undefined,
			name: 'Patients won back',
			...axisText(palette),
			nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
		},
		series: [
			{
				type: 'line',
				step: 'end',
				showSymbol: false,
				symbolSize: 8,
				data: days.map((one) => one.running),
				lineStyle: { color: palette.series[0], width: 3 },
				itemStyle: { color: palette.series[0] },
				markLine:
					needed > 0
						? {
								silent: true,
								symbol: 'none',
								animation: false,
								lineStyle: { color: palette.below, type: [2, 3], width: 1.5 },
								label: {
									formatter: `${count(needed)} needed`,
									color: palette.below,
									fontFamily: palette.font,
									position: 'insideStartTop'
								},
								data: [{ yAxis: needed }]
							}
						: undefined
			}
		]
	});
}
