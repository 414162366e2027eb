/** Whether a home holds the demo's made-up people: alone, mixed with files of somebody's own, or not (null). */
export type Demo = 'alone' | 'mixed' | null;

/** What every page, print and export says of a home with made-up people in it. */
export const demoWords: Record<NonNullable<Demo>, string> = {
	alone: 'Demo data, synthetic. No real person is in it.',
	mixed: 'Demo data, synthetic, mixed with other files. No figure here is of real people alone.'
};
