/** One month (or week) of a measure whose periods share no patients' days: events or people above the line, member-months or people below it. */
export type ChartPoint = {
	label: string;
	numerator: number;
	denominator: number;
	/** Claims of this period are still coming in: shown, but neither judged nor part of any centre. */
	fillingIn?: boolean;
};

/** p: shares of people. u: events for each unit of time at risk. mean: days or amounts, whose spread counts cannot tell: a run chart however many periods there are. */
export type ChartKind = 'p' | 'u' | 'mean';

/** A dated note that starts a new level; without its words no level may be split off. */
export type Step = { from: string; because: string };

export type Signal = 'outside' | 'shift' | 'trend' | 'two_of_three';

/** What a signal reads as; no word of praise or blame. */
export const signalWords: Record<Signal, string> = {
	outside: 'outside the limits',
	shift: 'seven or more in a row on one side of the centre',
	trend: 'seven or more in a row rising or falling',
	two_of_three: 'two of three near the same limit'
};

export type JudgedPoint = ChartPoint & {
	/** null when the denominator is 0. */
	value: number | null;
	centre: number | null;
	lower: number | null;
	upper: number | null;
	signals: Signal[];
};

/** Why a level has a median and no limits: too few complete periods, too few events in each, or figures whose spread counts cannot tell. */
export type RunBecause = 'few_periods' | 'few_events' | 'mean';

export type ControlChart = {
	/** run: no level has limits. */
	form: 'control' | 'run';
	points: JudgedPoint[];
	/** The levels in order: the period each begins with, and why it has no limits (null when it has). */
	levels: { from: string; run: RunBecause | null }[];
	/** Dispersion between periods over that by chance alone, level by level; null without limits. */
	sigmaZ: (number | null)[];
	/** True where the limits were widened or narrowed by it (Laney). */
	laney: boolean[];
};

/** From when on a level is judged, as the settings chart_... say. */
export type ChartRules = {
	/** Complete periods a level needs for limits. */
	least_months: number;
	/** Events a period has on average; of a share, and as many that did not happen. */
	least_events: number;
	/** From this mean denominator on, chance alone is too small a yardstick, and the limits follow the dispersion seen. */
	large_denominator: number;
};

const longestBaseline = 36;
const departs = 0.1;
const shiftLength = 7;
const trendLength = 7;

const median = (values: number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

type Level = { points: JudgedPoint[]; judged: JudgedPoint[] };

/** Marks a run of points by a rule: every point of a run of `length` or more. */
function markRuns(judged: JudgedPoint[], length: number, signal: Signal, side: (at: number) => number): void {
	let start = 0;
	for (let at = 1; at <= judged.length; at++) {
		if (at < judged.length && side(at) !== 0 && side(at) === side(at - 1)) continue;
		if (side(start) !== 0 && at - start >= length)
			for (let each = start; each < at; each++) judged[each]!.signals.push(signal);
		start = at;
	}
}

function markSignals(judged: JudgedPoint[]): void {
	const third = (point: JudgedPoint) => {
		const away = point.value! - point.centre!;
		const limit = away > 0 ? point.upper! - point.centre! : point.centre! - point.lower!;
		return limit > 0 && Math.abs(away) > (limit * 2) / 3 ? Math.sign(away) : 0;
	};
	for (const point of judged)
		if (point.value! > point.upper! || point.value! < point.lower!) point.signals.push('outside');
	markRuns(judged, shiftLength, 'shift', (at) => Math.sign(judged[at]!.value! - judged[at]!.centre!));
	// A trend of seven points has six steps in one direction.
	const step = (at: number) => (at < 1 ? 0 : Math.sign(judged[at]!.value! - judged[at - 1]!.value!));
	for (let at = 1, start = 0; at <= judged.length; at++) {
		if (at < judged.length && step(at) !== 0 && (at === start + 1 || step(at) === step(at - 1))) continue;
		if (at - start >= trendLength) for (let each = start; each < at; each++) judged[each]!.signals.push('trend');
		start = at < judged.length && step(at) !== 0 ? at - 1 : at;
	}
	for (let at = 2; at < judged.length; at++)
		for (const side of [1, -1]) {
			const near = [at - 2, at - 1, at].filter((each) => third(judged[each]!) === side);
			if (near.length >= 2)
				for (const each of near)
					if (!judged[each]!.signals.includes('two_of_three')) judged[each]!.signals.push('two_of_three');
		}
}

/** Puts centre, limits and signals on the points of one level; gives its dispersion and whether the limits follow it. */
function judge({ points, judged }: Level, kind: ChartKind, rules: ChartRules): { sigmaZ: number; laney: boolean } {
	const base = judged.slice(0, longestBaseline);
	const sum = (key: 'numerator' | 'denominator') => base.reduce((total, point) => total + point[key], 0);
	const centre = sum('numerator') / sum('denominator');
	const sigma = (point: ChartPoint) => Math.sqrt((kind === 'p' ? centre * (1 - centre) : centre) / point.denominator);
	const z = base.map((point) => (sigma(point) > 0 ? (point.value! - centre) / sigma(point) : 0));
	const moves = z.slice(1).map((each, at) => Math.abs(each - z[at]!));
	const sigmaZ = moves.reduce((total, move) => total + move, 0) / moves.length / 1.128;
	const laney = sum('denominator') / base.length >= rules.large_denominator && Math.abs(sigmaZ - 1) > departs;
	for (const point of points) {
		point.centre = centre;
		if (point.value === null) continue;
		const half = 3 * sigma(point) * (laney ? sigmaZ : 1);
		point.lower = Math.max(0, centre - half);
		point.upper = kind === 'p' ? Math.min(1, centre + half) : centre + half;
	}
	markSignals(judged);
	return { sigmaZ, laney };
}

/** Why a level is not judged; null when it is. */
function runBecause({ judged }: Level, kind: ChartKind, rules: ChartRules): RunBecause | null {
	if (kind === 'mean') return 'mean';
	if (judged.length < rules.least_months) return 'few_periods';
	const mean = (of: (point: ChartPoint) => number) => judged.reduce((sum, point) => sum + of(point), 0) / judged.length;
	const events = mean((point) => point.numerator);
	const others = kind === 'p' ? mean((point) => point.denominator - point.numerator) : Infinity;
	return Math.min(events, others) < rules.least_events ? 'few_events' : null;
}

/**
 * A control chart of independent periods: centre, three-sigma limits (Laney's when denominators are large and the dispersion is not that of chance) and
 * four signal rules; a level with too few periods or events is a run chart with its median. Levels begin at the steps given. Not for figures that use
 * the same days twice, such as a PDC to date. Throws when a step has no words or names no period.
 */
export function controlChart(
	points: ChartPoint[],
	kind: ChartKind,
	rules: ChartRules,
	steps: Step[] = []
): ControlChart {
	const begins = new Set([0]);
	for (const step of steps) {
		if (step.because.trim() === '') throw new Error(`the step at ${step.from} needs a dated note that says why`);
		const at = points.findIndex((point) => point.label === step.from);
		if (at < 0) throw new Error(`the step at ${step.from} is at none of the periods`);
		begins.add(at);
	}
	const starts = [...begins].sort((a, b) => a - b);
	const all: JudgedPoint[] = points.map((point) => ({
		...point,
		value: point.denominator > 0 ? point.numerator / point.denominator : null,
		centre: null,
		lower: null,
		upper: null,
		signals: []
	}));
	const levels = starts.map((start, at) => {
		const own = all.slice(start, starts[at + 1] ?? all.length);
		const level: Level = {
			points: own,
			judged: own.filter((point) => point.value !== null && !point.fillingIn)
		};
		const run = runBecause(level, kind, rules);
		if (run === null) return { run, ...judge(level, kind, rules) };
		const values = level.judged.map((point) => point.value!);
		if (values.length) for (const point of own) point.centre = median(values);
		return { run, sigmaZ: null, laney: false };
	});
	return {
		form: levels.some(({ run }) => run === null) ? 'control' : 'run',
		points: all,
		levels: levels.map(({ run }, at) => ({ from: all[starts[at]!]?.label ?? '', run })),
		sigmaZ: levels.map(({ sigmaZ }) => sigmaZ),
		laney: levels.map(({ laney }) => laney)
	};
}
