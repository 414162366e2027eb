import { signalWords, type ControlChart, type JudgedPoint, type RunBecause } from '$lib/domain/control_chart';
import { count, decimal, monthName, plural } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, LegendEntry, Point } from './point';

/** What a control chart is of: the factor and unit of its figures, and the words above and below the line. */
export type ControlWords = { times: number; unit: string; above: string; below: string };

/** "2026-03" as "Mar 2026". */
export const monthWords = (period: string) => `${monthName(Number(period.slice(5, 7)))} ${period.slice(0, 4)}`;

const figure = (value: number | null, { times, unit }: ControlWords) =>
	value === null ? 'not computable' : `${decimal(value * times)}${unit === '%' ? '%' : ''}`;
const isSignal = (point: JudgedPoint) => point.signals.length > 0;

/** Why there are no limits, in words. */
export const runWords: Record<RunBecause, string> = {
	few_periods: 'too few complete months in the level',
	few_events: 'too few events a month, so that chance alone would look like a signal',
	mean: 'a mean of days is moved by few long stays'
};

/** The finding in one sentence: signals among the judged months, or that none departs from chance; a level without limits says why. */
export function controlSentence(chart: ControlChart, words: ControlWords): string {
	const complete = chart.points.filter((point) => point.value !== null && !point.fillingIn);
	if (!complete.length) return 'No month can be judged yet: too few are complete, or their counts are hidden.';
	const unit = words.unit === '%' ? '' : ` ${words.unit}`;
	const last = chart.levels.at(-1)!;
	const isSplit = chart.levels.length > 1;
	const own = complete.filter((point) => point.label >= last.from);
	const around = own.length
		? `${plural(own.length, 'complete month')}${isSplit ? ` since ${monthWords(last.from)}` : ''}`
		: null;
	const middle = figure(complete.at(-1)!.centre, words);
	const judged = complete.filter((point) => point.upper !== null);
	const signals = judged.filter(isSignal);
	const latest = signals.at(-1);
	const found = latest
		? `${plural(signals.length, 'month')} with a signal, the last ${monthWords(latest.label)} (${latest.signals.map((signal) => signalWords[signal]).join('; ')})`
		: 'no month departs from what chance gives';
	if (last.run === null) return `${around ?? 'Complete months'} around ${middle}${unit}: ${found}.`;
	const before = judged.length ? ` Before: ${found}.` : '';
	return own.length
		? `Median of ${around} ${middle}${unit}. No limits, and no month is judged: ${runWords[last.run]}.${before}`
		: `No complete month since ${monthWords(last.from)}.${before}`;
}

/** What the keyboard cursor says of each month. */
export function controlPoints(
	chart: ControlChart,
	words: ControlWords,
	href?: (period: string) => string | undefined
): Point[] {
	return chart.points.map((point) => ({
		say:
			`${monthWords(point.label)}: ${figure(point.value, words)}` +
			(point.value === null
				? ''
				: `, ${count(point.numerator)} ${words.above} of ${count(point.denominator)} ${words.below}`) +
			(point.fillingIn ? '; still filling in' : '') +
			(isSignal(point) ? `; ${point.signals.map((signal) => signalWords[signal]).join('; ')}` : ''),
		href: href?.(point.label)
	}));
}

/** The legend: what is drawn as what. */
export function controlLegend(chart: ControlChart): LegendEntry[] {
	return [
		{ name: 'Months', look: 'line' },
		{ name: chart.form === 'run' ? 'Median' : 'Centre', look: 'context' },
		...(chart.form === 'run' ? [] : [{ name: 'Limits', look: 'dashed' as const }])
	];
}

/** The months as dots on a line, the centre, the limits as steps; signals as diamonds, months still filling in as hollow squares. */
export function control(chart: ControlChart, words: ControlWords): Draw {
	const scaled = (value: number | null) => (value === null ? null : value * words.times);
	const { points } = chart;
	return (palette, hidden) => {
		const steps = (name: string, key: 'centre' | 'lower' | 'upper', type: number[] | 'solid', color: string) => ({
			type: 'line' as const,
			name,
			step: 'middle' as const,
			symbol: 'none',
			silent: true,
			data: points.map((point) => (hidden.has(name) ? null : scaled(point[key]))),
			lineStyle: { color, width: 1.5, type }
		});
		return {
			grid: { left: 8, right: 24, top: 32, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
			tooltip: {
				trigger: 'axis',
				backgroundColor: palette.ground,
				borderColor: palette.edge,
				textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
				formatter: (marks: { dataIndex: number }[]) =>
					(controlPoints(chart, words)[marks[0]?.dataIndex ?? 0]?.say ?? '').replaceAll('; ', '<br>')
			},
			xAxis: { type: 'category', data: points.map((point) => monthWords(point.label)), ...axisText(palette) },
			yAxis: {
				type: 'value',
				min: 0,
				name: words.unit,
				...axisText(palette),
				nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
			},
			series: [
				{
					type: 'line',
					name: 'Months',
					data: points.map((point) => ({
						value: hidden.has('Months') ? null : scaled(point.value),
						symbol: point.fillingIn ? 'emptyRect' : isSignal(point) ? 'diamond' : 'circle',
						symbolSize: isSignal(point) ? 13 : 7,
						itemStyle: {
							color: point.fillingIn ? palette.context : isSignal(point) ? palette.below : palette.series[0]
						}
					})),
					showAllSymbol: true,
					lineStyle: { color: palette.series[0], width: 2 }
				},
				steps(chart.form === 'run' ? 'Median' : 'Centre', 'centre', 'solid', palette.context),
				...(chart.form === 'run'
					? []
					: [steps('Limits', 'upper', [5, 4], palette.context), steps('Limits', 'lower', [5, 4], palette.context)])
			]
		};
	};
}
