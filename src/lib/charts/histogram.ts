import { cellPlural, hides, type Cell, type Released } from '$lib/domain/hidden';
import { count, percent, plural } from '$lib/domain/wording';
import { axisText, hatch } from './palette';
import type { Draw, Point } from './point';

/** Patients of one bin of PDC to date: 5 points wide, left end included, 100 in the last. */
export type PdcBin = Released & { bin: number; patients: Cell; recoverable: Cell; share: number | null };

/** The twenty bins in order, empty ones too, from the rows of the panel and those counted in all. */
export function allBins(
	rows: (Released & { bin: number; patients: Cell; recoverable: Cell })[],
	total: Cell
): PdcBin[] {
	return Array.from({ length: 20 }, (_, bin) => {
		const row = rows.find((one) => one.bin === bin) ?? { bin, patients: 0, recoverable: 0 };
		const share = row.patients === null || total === null ? null : total ? row.patients / total : 0;
		return { ...row, share, hidden: hides(row, 'patients') ? { ...row.hidden, share: 'hidden' } : row.hidden };
	});
}

const ends = (bin: number) => (bin === 19 ? '95 to 100%' : `${bin * 5}% to under ${bin * 5 + 5}%`);

/** What a bin reads as: "75% to under 80%". */
export const binName = ends;

/** "74 patients are below 80%; 46 of them can still reach it." */
export function histogramSentence(bins: PdcBin[], threshold: number): string {
	const low = bins.filter((bin) => bin.bin * 5 < threshold);
	const below = low.reduce((sum, bin) => sum + (bin.patients ?? 0), 0);
	const back = low.reduce((sum, bin) => sum + (bin.recoverable ?? 0), 0);
	if (bins.every((bin) => bin.patients === 0)) return 'Nobody is counted.';
	const few = bins.filter((bin) => hides(bin, 'patients')).length;
	if (few > 0)
		return `Patients by days covered to date; ${plural(few, 'bin is', 'bins are')} not shown because few people are in ${few === 1 ? 'it' : 'them'} or would follow.`;
	if (low.some((bin) => hides(bin, 'recoverable')))
		return `${plural(below, 'patient is', 'patients are')} below ${threshold}%.`;
	if (below === 0) return `Nobody is below ${threshold}%.`;
	return `${plural(below, 'patient is', 'patients are')} below ${threshold}%; ${count(back)} of them can still reach it.`;
}

/** What the keyboard cursor says of each bin. */
export function histogramPoints(
	bins: PdcBin[],
	href: (bin: number) => string,
	chosen: (bin: number) => boolean
): Point[] {
	return bins.map((bin) => ({
		say: `PDC ${ends(bin.bin)}: ${cellPlural(bin, 'patients', 'patient')}${bin.share === null ? '' : `, ${percent(bin.share)} of those counted`}${
			bin.recoverable ? `, ${count(bin.recoverable)} can still reach the threshold` : ''
		}`,
		href: href(bin.bin),
		pressed: chosen(bin.bin)
	}));
}

/** Twenty bars, hatched below the threshold, with the threshold as a dashed line; bins outside the choice are dimmed. */
export function histogram(bins: PdcBin[], threshold: number, chosen: (bin: number) => boolean): Draw {
	return (palette) => ({
		grid: { left: 8, right: 16, top: 28, bottom: 28, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		tooltip: {
			trigger: 'item',
			backgroundColor: palette.ground,
			borderColor: palette.edge,
			textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
			formatter: (mark: { dataIndex: number }) => {
				const bin = bins[mark.dataIndex];
				return bin
					? `PDC ${ends(bin.bin)}<br><b>${cellPlural(bin, 'patients', 'patient')}</b>${bin.share === null ? '' : `, ${percent(bin.share)}`}${
							bin.recoverable === null ? '' : `<br>${count(bin.recoverable)} below and able to reach ${threshold}%`
						}`
					: '';
			}
		},
		xAxis: {
			type: 'value',
			min: 0,
			max: 100,
			interval: 10,
			name: 'Proportion of days covered to date (%)',
			nameLocation: 'middle',
			nameGap: 28,
			...axisText(palette),
			splitLine: { show: false }
		},
		yAxis: { type: 'value', minInterval: 1, name: 'Patients', nameLocation: 'end', ...axisText(palette) },
		series: [
			{
				type: 'bar',
				barCategoryGap: '4%',
				data: bins.map((bin) => {
					const below = bin.bin * 5 < threshold;
					return {
						value: [bin.bin * 5 + 2.5, bin.patients],
						itemStyle: {
							color: below ? palette.belowGround : palette.above,
							borderColor: below ? palette.below : palette.above,
							borderWidth: below && bin.patients ? 1 : 0,
							opacity: chosen(bin.bin) ? 1 : 0.35,
							decal: below ? hatch(palette) : { symbol: 'none' }
						},
						emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } }
					};
				}),
				cursor: 'pointer',
				markLine: {
					silent: true,
					symbol: 'none',
					animation: false,
					lineStyle: { color: palette.ink, type: [3, 3], width: 1.5 },
					label: { formatter: `${threshold}%`, color: palette.ink, fontFamily: palette.font, position: 'end' },
					data: [{ xAxis: threshold }]
				}
			}
		]
	});
}
