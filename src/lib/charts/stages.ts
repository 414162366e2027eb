import { count, percent } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, Point } from './point';

/** One stage of the way of recommendations: how many reached it, and where its rows are. */
export type Stage = {
	id: string;
	name: string;
	count: number | null;
	/** Share of all made. */
	share: number | null;
	/** Median days to this stage; null when not known. */
	days: number | null;
	/** How many of all made did not (yet) reach it. */
	open: number | null;
	href?: string;
	/** Where those are that did not (yet) reach it. */
	openHref?: string;
};

/** "Of 170 made, 110 were answered and 84 accepted; claims show 41 so far." */
export function stagesSentence(stages: Stage[]): string {
	const of = (id: string) => stages.find((stage) => stage.id === id)?.count ?? null;
	const made = of('made');
	if (!made) return 'No recommendation is old enough to be judged.';
	const say = (id: string) => (of(id) === null ? 'too few to show' : count(of(id)));
	return `Of ${count(made)} made, ${say('answered')} were answered and ${say('accepted')} accepted; later claims show ${say('verified')} of these so far.`;
}

/** What the keyboard cursor says of each stage. */
export const stagePoints = (stages: Stage[]): Point[] =>
	stages.map((stage) => ({
		say: `${stage.name}: ${stage.count === null ? 'too few to show' : count(stage.count)}${stage.share === null ? '' : `, ${percent(stage.share)} of all made`}`,
		href: stage.href
	}));

/** Bars from the top down, one a stage; each stands for itself, for a recommendation may be resolved without having been verified. */
export function stageBars(stages: Stage[]): Draw {
	return (palette) => ({
		grid: { left: 8, right: 88, top: 4, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		xAxis: { type: 'value', min: 0, show: false },
		yAxis: {
			type: 'category',
			inverse: true,
			data: stages.map((stage) => stage.name),
			...axisText(palette),
			axisLabel: { ...axisText(palette).axisLabel, color: palette.ink, fontSize: 13 },
			axisLine: { show: false }
		},
		series: [
			{
				type: 'bar',
				barCategoryGap: '28%',
				cursor: 'pointer',
				data: stages.map((stage) => ({
					value: stage.count ?? 0,
					itemStyle: { color: palette.series[0] },
					label: {
						show: true,
						position: 'right',
						color: palette.ink,
						fontFamily: palette.font,
						formatter:
							stage.count === null
								? 'hidden'
								: `${count(stage.count)}${stage.share === null ? '' : `  ${percent(stage.share, 0)}`}`
					}
				})),
				emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } }
			}
		]
	});
}
