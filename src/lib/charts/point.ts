import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette';

/** One mark that the keyboard cursor can stand on: what is said of it and where Enter leads. */
export type Point = { say: string; href?: string | null; pressed?: boolean };

/** Draws a picture from the colours of the theme; `hidden` holds the series the legend has switched off. */
export type Draw = (palette: Palette, hidden: ReadonlySet<string>) => EChartsCoreOption;

/** One entry of the legend: the series' name, how its mark looks. */
export type LegendEntry = {
	name: string;
	look: 'above' | 'below' | 'context' | 'series-1' | 'series-2' | 'series-3' | 'soft' | 'line' | 'dashed';
};
