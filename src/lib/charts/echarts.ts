import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, MarkLineComponent, SVGRenderer]);

/** A chart that draws SVG in an element; dispose it when the element goes. */
export const open = (element: HTMLElement): EChartsType => init(element, null, { renderer: 'svg' });
