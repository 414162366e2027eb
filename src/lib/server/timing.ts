/** How long a piece of work takes, in seconds. */
export const seconds = async (work: () => Promise<unknown>) => {
	const started = performance.now();
	await work();
	return (performance.now() - started) / 1000;
};

/** The middle of some values. */
export const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
