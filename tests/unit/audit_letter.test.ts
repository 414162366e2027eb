import { expect, test } from 'vitest';
import { claimsNamed, ownWords } from '$lib/domain/audit_letter';

test('a letter names no other pharmacist and no claim of another pharmacy', () => {
	const own = new Set(['C1']);
	expect(ownWords('the session that the claim names was held by pharmacist 1000000772', '1000000772', own)).toBe(
		'the session that the claim names was held by pharmacist 1000000772'
	);
	expect(ownWords('the session that the claim names was held by pharmacist 1000000780', '1000000772', own)).toBe(
		'the session that the claim names was held by another pharmacist'
	);
	expect(ownWords('held by pharmacist 1000000780', null, own)).toBe('held by another pharmacist');
	expect(ownWords('paid before on claim C1', null, own)).toBe('paid before on claim C1');
	expect(ownWords('paid before on claim C2', null, own)).toBe('paid before on a claim of another provider');
	expect(ownWords('also billed as ncpdp; first on claim C2', null, own)).toBe(
		'also billed as ncpdp; first on a claim of another provider'
	);
	expect(claimsNamed(['paid before on claim C2', 'no end', 'also billed to B; first on claim C1'])).toEqual([
		'C2',
		'C1'
	]);
});
