import { count } from '$lib/domain/wording';

/** The colours of the theme, as the browser resolves them now. */
export type Palette = {
	ground: string;
	panel: string;
	ink: string;
	muted: string;
	line: string;
	edge: string;
	above: string;
	below: string;
	belowGround: string;
	context: string;
	series: [string, string, string, string];
	soft: string;
	lost: string;
	font: string;
};

/** Reads the custom properties of the theme where a chart stands. */
export function readPalette(at: HTMLElement): Palette {
	const probe = document.createElement('span');
	at.append(probe);
	const colour = (name: string) => {
		probe.style.color = `var(--${name})`;
		return getComputedStyle(probe).color;
	};
	const palette: Palette = {
		ground: colour('ground'),
		panel: colour('panel'),
		ink: colour('ink'),
		muted: colour('muted'),
		line: colour('line'),
		edge: colour('edge'),
		above: colour('above'),
		below: colour('below'),
		belowGround: colour('below-ground'),
		context: colour('context'),
		series: [colour('series-1'), colour('series-2'), colour('series-3'), colour('series-4')],
		soft: colour('soft'),
		lost: colour('lost'),
		font: getComputedStyle(at).fontFamily
	};
	probe.remove();
	return palette;
}

/** The hatching that marks a bar below the threshold, so that colour is never the only sign. */
export const hatch = (palette: Palette) => ({
	symbol: 'rect' as const,
	color: palette.below,
	dashArrayX: [1, 0],
	dashArrayY: [1.6, 4],
	rotation: Math.PI / 4,
	symbolSize: 1
});

/** What all pictures share: type, axes, lines. */
export const axisText = (palette: Palette) => ({
	axisLabel: {
		color: palette.muted,
		formatter: (value: string | number) => (typeof value === 'number' ? count(value) : value),
		fontFamily: palette.font,
		fontSize: 12
	},
	nameTextStyle: { color: palette.muted, fontFamily: palette.font, fontSize: 12 },
	axisLine: { lineStyle: { color: palette.edge } },
	axisTick: { show: false },
	splitLine: { lineStyle: { color: palette.line } }
});
