import { hash, verify, type Options } from '@node-rs/argon2';

/** Argon2id with 19 MiB and two passes (OWASP's first choice for interactive sign-in); the number is the library's for Argon2id. */
const cost: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const longest = 256;

/** A hash that no password has, of the same cost: who has no password takes as long as who typed a wrong one. */
const nobodys =
	'$argon2id$v=19$m=19456,t=2,p=1$c3RhbmRzIGluIGZvciBubyBvbmU$tfuxVEy8ARRAPyYSo5xBP4UT8Sl8hzEZ8ZjmqvLBaBI';

/** One text for all ways of typing it. */
const plain = (password: string) => password.normalize('NFKC');

/** The hash to keep of a password. */
export const hashPassword = (password: string): Promise<string> => hash(plain(password), cost);

/** True when the password is the one of the hash; without a hash one is compared all the same, and it is false. */
export async function isPassword(password: string, kept: string | null | undefined): Promise<boolean> {
	const same = await verify(kept ?? nobodys, plain(password.slice(0, longest)));
	return same && Boolean(kept);
}

// Words and runs that guessers try first, without their digits and marks.
const common =
	'password passwort motdepasse contrasena senha parola welcome willkommen letmein login signin admin administrator root user guest test testing ' +
	'changeme default secret master access dragon monkey football baseball basketball hockey soccer batman superman starwars pokemon princess sunshine ' +
	'shadow michael jennifer jordan hunter ashley bailey charlie thomas daniel andrew joshua matthew jessica michelle nicole iloveyou loveyou trustno ' +
	'whatever freedom flower summer winter spring autumn january february march april june july august september october november december monday ' +
	'tuesday wednesday thursday friday saturday sunday qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx google facebook ' +
	'computer internet samsung iphone hello health hospital clinic doctor nurse patient pharmacy pharmacist pharmacies medicine medication medicare medicaid ' +
	'adherence openmtm therapy management correcthorsebatterystaple';
const words = common.split(' ').sort((a, b) => b.length - a.length);
const rows = [
	'abcdefghijklmnopqrstuvwxyz',
	'01234567890',
	'qwertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'qwertzuiop',
	'azertyuiop'
];
const runs = [...rows, ...rows.map((row) => [...row].reverse().join(''))];

const spelled = (text: string) =>
	text
		.replaceAll(/[@4]/g, 'a')
		.replaceAll('3', 'e')
		.replaceAll(/[1!]/g, 'i')
		.replaceAll('0', 'o')
		.replaceAll(/[$5]/g, 's');

/** The length of the run (1234, qwer, 4321) or repeat (aaa, abcabc) that begins here; 1 when there is none. */
function runLength(text: string, at: number): number {
	let length = 1;
	while (at + length < text.length && runs.some((run) => run.includes(text.slice(at, at + length + 1)))) length++;
	for (const unit of [1, 2, 3, 4]) {
		const piece = text.slice(at, at + unit);
		let times = 1;
		while (piece.length === unit && text.startsWith(piece, at + unit * times)) times++;
		if (times > 2 || (times === 2 && unit > 2)) length = Math.max(length, unit * times);
	}
	return length < 3 ? 1 : length;
}

/** How many characters a guesser would still have to find, once common words, the names given, years, runs and repeats count as one each. */
export function guessLength(password: string, names: string[] = []): number {
	const typed = plain(password).toLowerCase();
	const read = spelled(typed);
	const known = [...names.map((name) => plain(name).toLowerCase()).filter((name) => name.length > 2), ...words];
	const rest: string[] = [];
	let pieces = 0;
	for (let at = 0; at < typed.length;) {
		const year = /^(19|20)\d\d/.test(typed.slice(at)) ? 4 : 1;
		const word = known.find((one) => typed.startsWith(one, at) || read.startsWith(one, at))?.length ?? 1;
		const length = Math.max(word, year, runLength(typed, at));
		if (length > 1) pieces++;
		else if (!/[\s._-]/.test(typed[at]!)) rest.push(typed[at]!);
		at += length;
	}
	// The same few characters again and again are no longer than they are many.
	return pieces + Math.min(rest.length, new Set(rest).size * 2);
}

/**
 * Why a password may not be chosen, as a sentence, or null. After NIST SP 800-63B: length and a list of what is guessed first, nothing
 * about kinds of characters.
 */
export function passwordProblem(password: string, shortest: number, names: string[]): string | null {
	const length = [...plain(password)].length;
	if (length < Math.max(8, shortest)) return `Choose at least ${Math.max(8, shortest)} characters; this has ${length}.`;
	if (password.length > longest) return `Choose at most ${longest} characters.`;
	if (guessLength(password, names) < 7)
		return 'This password is among the first that are guessed: common words, your name, runs such as 1234 or repeats. A few unrelated words do well.';
	return null;
}
