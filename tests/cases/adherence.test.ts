import { describe, expect, test } from 'vitest';
import { cases, compared, rowsOf } from './table';

const computing = new Map<string, ReturnType<typeof rowsOf>>();

describe('worked cases', () => {
	test.each(cases)('$name', async (one) => {
		if (!computing.has(one.asOf)) {
			const together = cases.filter((each) => each.asOf === one.asOf);
			computing.set(one.asOf, rowsOf(together));
		}
		const { wanted, got } = compared(one, await computing.get(one.asOf)!);
		expect(got).toEqual(wanted);
	});
});
