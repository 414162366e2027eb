import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessLength, hashPassword, isPassword, passwordProblem } from '$lib/server/sign_in/password';

const refused = (password: string, names: string[] = ['Carla Diaz', 'Carla', 'Diaz']) =>
	passwordProblem(password, 12, names);

test.each([
	'password1234',
	'Password1234!',
	'P@ssw0rdP@ssw0rd',
	'PasswordPassword1!',
	'aaaaaaaaaaaaaaaa',
	'abcabcabcabcabc',
	'123456789012345',
	'qwertyuiop1234',
	'zyxwvutsrqpo',
	'CarlaDiaz2026',
	'carla-carla-carla',
	'openmtm-openmtm',
	'OpenMTM2026!!',
	'welcome to summer 1',
	'adherence2026!',
	'ababababababab'
])('"%s" is guessed first', (password) => {
	expect(refused(password)).toMatch(/first that are guessed/);
});

test.each([
	'seven grey herons wade',
	'correct horse battery staple',
	'xK9#vQ2m!pLr',
	'tussen de regels door',
	'mi gato come pan los lunes',
	'ein Hund läuft über Öl',
	'我喜欢在雨天读书喝茶看猫',
	'blue-kettle-93-fjord'
])('"%s" may be chosen', (password) => {
	expect(refused(password)).toBeNull();
});

test('length is counted in characters people see, from 12 and never under 8, up to 256', () => {
	expect(refused('short one')).toBe('Choose at least 12 characters; this has 9.');
	expect(passwordProblem('kq7 vm2', 4, [])).toMatch(/at least 8/);
	expect(passwordProblem('kq7 vm2x', 4, [])).toBeNull();
	expect(refused('🦩🦤🐋🦭🐿🦔🪲🦂🪼🐙🦑')).toMatch(/at least 12 characters; this has 11/);
	expect(refused(`${'lorem ipsum dolor sit amet '.repeat(12)}`)).toMatch(/at most 256/);
	expect(
		refused('lorem ipsum dolor sit amet, consectetur adipiscing elit sed do eiusmod tempor'.slice(0, 128))
	).toBeNull();
});

test('law: what is common, a name or a run never makes a password longer to guess than it is; any text has an answer', () => {
	fc.assert(
		fc.property(
			fc.string({ maxLength: 60, unit: 'grapheme' }),
			fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
			(text, names) => {
				const length = guessLength(text, names);
				expect(length).toBeGreaterThanOrEqual(0);
				expect(length).toBeLessThanOrEqual(text.normalize('NFKC').toLowerCase().length);
				expect(guessLength(text, [...names, text])).toBeLessThanOrEqual(Math.max(length, 1));
			}
		),
		{ numRuns: 500 }
	);
});

test('the hash is Argon2id with 19 MiB, two passes, one lane and a salt of its own; both ways of typing an accent are one', async () => {
	const [one, other] = [await hashPassword('caffè lungo a roma'), await hashPassword('caffè lungo a roma')];
	expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(one).not.toBe(other);
	expect(await isPassword('caffe\u0300 lungo a roma', one)).toBe(true);
	expect(await isPassword('caffe lungo a roma', one)).toBe(false);
	expect(await isPassword('anything', null)).toBe(false);
});
