import { expect, test } from 'vitest';
import { askedBack, claimsNamed, ownWords } from '$lib/domain/audit_letter';

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

test('two findings of one claim ask for its dollars once, those of two claims are added', () => {
	const of = (claim_number: number, amount: number | null) => ({ pid: 'p', claim_number, amount });
	expect(askedBack([])).toBe(0);
	expect(askedBack([of(1, 60), of(1, 80), of(2, 0.1), of(3, null)])).toBe(80.1);
	expect(askedBack([{ pid: 'q', claim_number: 1, amount: 0.2 }, of(1, 0.1)])).toBe(0.3);
});
