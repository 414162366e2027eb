import { count, percent } from '$lib/domain/wording';
import { axisText } from './palette';
import type { Draw, Point } from './point';

/** One stage of the way of people or recommendations: how many reached it, and where its rows are. */
export type Stage = {
	id: string;
	name: string;
	count: number | null;
	/** Share of the first stage. */
	share: number | null;
	/** Median days to this stage; null when not known. */
	days: number | null;
	/** How many of the first stage did not (yet) reach it. */
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

/** "Of 480 in MTM, 470 were offered a comprehensive review, 430 were reached and 402 reviewed." */
export function peopleSentence(stages: Stage[]): string {
	const [all, offered, reached, reviewed] = stages.map((stage) =>
		stage.count === null ? 'a number not shown' : count(stage.count)
	);
	if (stages[0]?.count === 0) return 'Nobody is counted in MTM.';
	return `Of ${all} in MTM, ${offered} were offered a comprehensive review, ${reached} were reached and ${reviewed} reviewed.`;
}

/** What the keyboard cursor says of each stage; `of` names what the shares are of. */
export const stagePoints = (stages: Stage[], of: string): Point[] =>
	stages.map((stage) => ({
		say: `${stage.name}: ${stage.count === null ? 'too few to show' : count(stage.count)}${stage.share === null ? '' : `, ${percent(stage.share)} of ${of}`}`,
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
