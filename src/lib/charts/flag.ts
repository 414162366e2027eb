import type { Flag } from '$lib/domain/annotation';
import { day } from '$lib/domain/wording';
import type { Draw, Point } from './point';

/** A chart over months with a numbered flag for each annotation, at its month; those of one month stand on one pole. */
export const flagged =
	(draw: Draw, flags: Flag[]): Draw =>
	(palette, hidden) => {
		const option = draw(palette, hidden);
		if (!flags.length) return option;
		const poles = [...new Set(flags.map(({ at }) => at))].map((at) => ({
			xAxis: at,
			label: { formatter: flags.flatMap((flag) => (flag.at === at ? [flag.number] : [])).join(', ') }
		}));
		return {
			...option,
			series: [
				...(option.series as object[]),
				{
					type: 'line',
					name: 'Annotations',
					data: [],
					silent: true,
					markLine: {
						silent: true,
						symbol: 'none',
						animation: false,
						lineStyle: { color: palette.ink, type: [2, 3], width: 1.5 },
						label: {
							position: 'end',
							color: palette.ground,
							backgroundColor: palette.ink,
							borderRadius: 3,
							padding: [2, 5],
							fontFamily: palette.font,
							fontSize: 11,
							fontWeight: 600
						},
						data: poles
					}
				}
			]
		};
	};

/** What the keyboard cursor says of each month, with its annotations. */
export const flaggedPoints = (points: Point[], flags: Flag[]): Point[] =>
	points.map((point, at) => {
		const own = flags.filter((flag) => flag.at === at);
		return {
			...point,
			say: [
				point.say,
				...own.map(({ number, annotation }) => `annotation ${number}, ${day(annotation.on_day)}: ${annotation.words}`)
			].join('; ')
		};
	});
