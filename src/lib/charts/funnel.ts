import { limitsAround, unitInterval, type Funnel, type FunnelKind, type PlacedUnit } from '$lib/domain/funnel';
import { count, decimal, plural } from '$lib/domain/wording';
import { axisText, type Palette } from './palette';
import type { Draw, LegendEntry, Point } from './point';

/** What a comparison is of: the factor and unit of its figures, and the words for units and for what stands below the line. */
export type FunnelWords = { times: number; unit: string; units: string; below: string };

export type NamedUnit = PlacedUnit & { label: string };

const figure = (value: number, { times, unit }: FunnelWords) => `${decimal(value * times)}${unit === '%' ? '%' : ''}`;
const isOutside = (unit: PlacedUnit) => unit.band !== 'within';

/** How many units lie outside the limits, and how many would by chance alone; no unit is named for praise or blame. */
export function funnelSentence(funnel: Funnel, words: FunnelWords): string {
	const outside = funnel.units.filter(isOutside).length;
	const centre = `All ${words.units} together: ${figure(funnel.centre, words)}${words.unit === '%' ? '' : ` ${words.unit}`}.`;
	if (funnel.tooFew) return `${centre} Too few ${words.units} for a funnel: each is shown with its 95% interval.`;
	return `${centre} ${count(outside)} of ${plural(funnel.units.length, words.units.replace(/s$/, ''), words.units)} outside the 95% limits; ${count(funnel.byChance)} would be by chance alone.`;
}

/** What the keyboard cursor says of each unit. */
export const funnelPoints = (
	units: NamedUnit[],
	words: FunnelWords,
	href: (unit: NamedUnit) => string | undefined
): Point[] =>
	units.map((unit) => ({
		say: `${unit.label}: ${figure(unit.value, words)}, ${count(unit.numerator)} of ${count(unit.denominator)} ${words.below}; expected ${decimal(unit.lower95 * words.times)} to ${decimal(unit.upper95 * words.times)}; ${unit.words}`,
		href: href(unit)
	}));

export const funnelLegend: LegendEntry[] = [
	{ name: 'Units', look: 'above' },
	{ name: '95% limits', look: 'dashed' },
	{ name: '99.8% limits', look: 'context' }
];

const frame = (palette: Palette, words: FunnelWords, say: (at: number) => string) => ({
	grid: { left: 8, right: 24, top: 32, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
	tooltip: {
		trigger: 'item',
		backgroundColor: palette.ground,
		borderColor: palette.edge,
		textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
		formatter: (mark: { dataIndex: number; seriesIndex: number }) =>
			mark.seriesIndex === 0 ? say(mark.dataIndex).replaceAll('; ', '<br>') : ''
	}
});

const dot = (palette: Palette, unit: NamedUnit) => ({
	symbol: isOutside(unit) ? 'diamond' : 'circle',
	symbolSize: isOutside(unit) ? 13 : 9,
	itemStyle: { color: isOutside(unit) ? palette.below : palette.series[0] }
});

/** Units by size and rate, the rate of all as a line, and the limits that chance alone gives. */
export function funnelPlot(funnel: Funnel, kind: FunnelKind, units: NamedUnit[], words: FunnelWords): Draw {
	const sizes = units.map((unit) => unit.denominator);
	const [least, most] = [Math.min(...sizes) * 0.9, Math.max(...sizes) * 1.05];
	const steps = Array.from({ length: 60 }, (_, at) => Math.max(1, Math.round(least + ((most - least) * at) / 59)));
	const limits = steps.map((size) => ({ size, ...limitsAround(funnel.centre, funnel.between, kind, size) }));
	const points = funnelPoints(units, words, () => undefined);
	return (palette, hidden) => {
		const line = (name: string, key: 'lower95' | 'upper95' | 'lower998' | 'upper998', type: number[] | 'solid') => ({
			type: 'line' as const,
			name,
			symbol: 'none',
			silent: true,
			data: hidden.has(name) ? [] : limits.map((limit) => [limit.size, limit[key] * words.times]),
			lineStyle: { color: palette.context, width: 1.5, type }
		});
		return {
			...frame(palette, words, (at) => points[at]!.say),
			xAxis: {
				type: 'value',
				min: Math.floor(least),
				max: Math.ceil(most),
				name: words.below,
				nameLocation: 'middle',
				nameGap: 28,
				...axisText(palette)
			},
			yAxis: {
				type: 'value',
				name: words.unit,
				...axisText(palette),
				nameTextStyle: { ...axisText(palette).nameTextStyle, align: 'left' }
			},
			series: [
				{
					type: 'scatter',
					name: 'Units',
					data: units.map((unit) => ({
						value: hidden.has('Units') ? null : [unit.denominator, unit.value * words.times],
						...dot(palette, unit)
					})),
					emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } },
					markLine: {
						silent: true,
						symbol: 'none',
						animation: false,
						lineStyle: { color: palette.context, type: 'solid', width: 1.5 },
						label: { formatter: 'all', color: palette.muted, fontFamily: palette.font, position: 'insideEndTop' },
						data: [{ yAxis: funnel.centre * words.times }]
					}
				},
				line('95% limits', 'lower95', [5, 4]),
				line('95% limits', 'upper95', [5, 4]),
				line('99.8% limits', 'lower998', 'solid'),
				line('99.8% limits', 'upper998', 'solid')
			]
		};
	};
}

/** Few units as dots with their 95% intervals, in the order given. */
export function dotPlot(kind: FunnelKind, units: NamedUnit[], words: FunnelWords): Draw {
	const points = funnelPoints(units, words, () => undefined);
	return (palette) => ({
		...frame(palette, words, (at) => points[at]!.say),
		xAxis: { type: 'value', min: 0, name: words.unit, nameLocation: 'middle', nameGap: 28, ...axisText(palette) },
		yAxis: { type: 'category', data: units.map((unit) => unit.label), inverse: true, ...axisText(palette) },
		series: [
			{
				type: 'scatter',
				name: 'Units',
				data: units.map((unit, at) => ({
					value: [unit.value * words.times, at],
					symbolSize: 11,
					itemStyle: { color: palette.series[0] }
				}))
			},
			...units.map((unit, at) => {
				const { lower, upper } = unitInterval(unit, kind);
				return {
					type: 'line' as const,
					symbol: 'none',
					silent: true,
					data: [
						[lower * words.times, at],
						[upper * words.times, at]
					],
					lineStyle: { color: palette.series[0], width: 2 }
				};
			})
		]
	});
}
