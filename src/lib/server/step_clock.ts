/** What a build is told of its steps, as seconds: while several run at once each is given its part of the time, so that all together are the time that passed. */
export function stepClock(): { told: (running: string[]) => void; seconds: Map<string, number> } {
	const seconds = new Map<string, number>();
	let before: string[] = [];
	let from = performance.now();
	return {
		told: (running) => {
			const now = performance.now();
			for (const step of before) seconds.set(step, (seconds.get(step) ?? 0) + (now - from) / 1000 / before.length);
			[before, from] = [running, now];
		},
		seconds
	};
}
