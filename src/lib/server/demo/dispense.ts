import { yearOf, type Day } from '$lib/domain/day';
import { addYears, iso, lastDay } from './calendar';
import type { Cell, DemoFile } from './files';
import { coveredOn, type Person } from './person';
import { chance } from './random';
import type { Fill } from './refill';
import { network } from './world';

/** What the writer of fills tells the truth file. */
export type DispenseTruth = {
	/** Paid and adjusted claims that stand in the end. */
	finalFills: number;
	reversed: { byOriginal: number; bySameId: number; byMatch: number };
	adjusted: { sameId: number; newId: number };
	corrected: number;
	denied: number;
	unknownNdc: number;
	afterDeath: number;
};

export const noDispenseTruth = (): DispenseTruth => ({
	finalFills: 0,
	reversed: { byOriginal: 0, bySameId: 0, byMatch: 0 },
	adjusted: { sameId: 0, newId: 0 },
	corrected: 0,
	denied: 0,
	unknownNdc: 0,
	afterDeath: 0
});

/** A fill as it stands in the end, with the claim that carries it. */
export type Dispensed = { fill: Fill; claimId: string; on: Day; ndc: string; days: number; quantity: number };

/** Dollars to the cent. */
const cents = (dollars: number) => Math.round(dollars * 100) / 100;
const priced = new Map<number, string>();
/** What the plan paid, the price and the copayment of a fill, as three cells. */
function prices(fill: Fill, lowIncome: boolean): string {
	const { product, quantity, days } = fill;
	const key = (product.number * 8192 + Math.round(quantity * 10)) * 1024 + days * 2 + (lowIncome ? 1 : 0);
	let text = priced.get(key);
	if (text === undefined) {
		const price = cents(product.unitPrice * quantity + 1.75);
		const share = lowIncome ? (product.isBrand ? 12.15 : 4.9) : product.isBrand ? 0.2 * price : days > 60 ? 6 : 3;
		const copay = cents(Math.min(price, share));
		text = `${cents(price - copay)},${price},${copay}`;
		priced.set(key, text);
	}
	return text;
}
const networkNpis = new Set(network.map((one) => one.npi));
const dashed = (ndc: string) => `${ndc.slice(0, 5)}-${ndc.slice(5, 9)}-${ndc.slice(9)}`;
/** An NDC that stands in no drug table: a labeler number that nobody has. */
const unknownNdc = (ndc: string) => `99999${ndc.slice(5)}`;
/** Columns of the pharmacy claim file that the dirt below falls on. */
const at = { person: 2, date: 8, ndc: 9, quantity: 10, days: 11 } as const;

const dirt: readonly [string, (row: Cell[], one: Person) => Cell[]][] = [
	['unreadable date', (row) => row.with(at.date, '2026-13-40')],
	['unreadable date', (row) => row.with(at.date, 'yesterday')],
	['no days supply', (row) => row.with(at.days, '')],
	['days supply 0', (row) => row.with(at.days, 0)],
	['days supply -5', (row) => row.with(at.days, -5)],
	['days supply 900', (row) => row.with(at.days, 900)],
	['quantity is text', (row) => row.with(at.quantity, 'thirty')],
	['no NDC', (row) => row.with(at.ndc, '')],
	['malformed NDC', (row) => row.with(at.ndc, '1234-567')],
	['no person', (row) => row.with(at.person, '')],
	['too many fields', (row) => [...row, 'extra']],
	['too few fields', (row) => row.slice(0, 15)],
	['before birth', (row, one) => row.with(at.date, iso(addYears(one.birth, -3)))]
];

/**
 * Writes the claims of a person's fills: with reversals, adjustments, corrections, repeats and dirty rows when `noise` is set.
 * Returns the fills that stand in the end. A row goes to the file of the year it was received in.
 */
export function writeFills(
	seed: number,
	one: Person,
	fills: readonly Fill[],
	fileOf: (received: Day) => DemoFile,
	truth: DispenseTruth,
	noise: boolean
): Dispensed[] {
	const draw = chance(seed, 9, one.number);
	const out: Dispensed[] = [];
	let claims = 0;
	const stem = `R${one.id.slice(1)}-`;
	const nextId = () => stem + ++claims;
	let span = one.spans[0]!;
	let who = '';
	const row = (
		fill: Fill,
		id: string,
		on: Day,
		received: Day,
		ndc: string,
		days: number,
		status: string,
		coverage: string,
		original = '',
		pays = true
	): string => {
		if (who === '' || on < span.from || on > span.to) {
			span = coveredOn(one, on) ?? one.spans[one.spans.length - 1]!;
			who = `,1,${one.id},${one.memberId},${span.plan.payer},${span.plan.plan},`;
		}
		const day = iso(received);
		return `${id}${who}${fill.therapy.prescriber},${fill.pharmacy.npi},${iso(on)},${ndc},${fill.quantity},${days},${fill.fillNumber},${day},${
			pays ? prices(fill, one.lowIncome) : '0,0,0'
		},${networkNpis.has(fill.pharmacy.npi) ? 1 : 0},demo,${status},${original},${day},${fill.prescription},${fill.refillsRemaining},${coverage}`;
	};
	const put = (received: Day, line: string) => fileOf(received).line(line);
	// A product that no table knows, or that Part D does not cover, stays so from fill to fill.
	const traits = new Map<number, { isUnknown: boolean; coverage: string }>();
	for (const fill of fills) {
		const id = nextId();
		let ndc = fill.product.ndc;
		const received = fill.on + draw.whole(0, 3);
		let trait = traits.get(fill.therapy.number);
		if (!trait) {
			const own = chance(seed, 15, one.number, fill.therapy.number);
			trait = { isUnknown: own.yes(0.014), coverage: noise && own.yes(0.012) ? own.pick(['E', 'E', 'O']) : 'C' };
			traits.set(fill.therapy.number, trait);
		}
		const { coverage } = trait;
		const look = draw.unit();
		if (trait.isUnknown || look < 0.003) {
			ndc = unknownNdc(ndc);
			truth.unknownNdc++;
		} else if (noise && look < 0.04) ndc = dashed(ndc);
		else if (noise && look < 0.045 && ndc.startsWith('0')) ndc = dashed(ndc).slice(1);
		const event = noise ? draw.unit() : 1;
		truth.finalFills++;
		out.push({ fill, claimId: id, on: fill.on, ndc, days: fill.days, quantity: fill.quantity });
		if (event > 0.026) {
			put(received, row(fill, id, fill.on, received, ndc, fill.days, noise && event < 0.5 ? '' : 'paid', coverage));
			continue;
		}
		const later = received + draw.whole(4, 45);
		const swap = draw.yes(0.4);
		const both = (first: string, firstOn: Day, second: string, secondOn: Day) => {
			if (swap) put(secondOn, second);
			put(firstOn, first);
			if (!swap) put(secondOn, second);
		};
		if (event < 0.009) {
			// Filled, never picked up, reversed; and then filled for good on a later day.
			put(received, row(fill, id, fill.on, received, ndc, fill.days, 'paid', coverage));
			const on = fill.on - draw.whole(2, 9);
			const ghost = nextId();
			const kind = draw.unit();
			if (!coveredOn(one, on) || out.some((other) => other.on === on)) continue;
			const paid = row(fill, ghost, on, on + 1, ndc, fill.days, 'paid', coverage);
			const undo = (undoId: string, original: string) =>
				row(fill, undoId, on, on + 8, ndc, fill.days, 'reversed', coverage, original, false);
			if (kind < 0.6) {
				both(paid, on + 1, undo(nextId(), ghost), on + 8);
				truth.reversed.byOriginal++;
			} else if (kind < 0.85) {
				both(paid, on + 1, undo(ghost, ''), on + 8);
				truth.reversed.bySameId++;
			} else {
				both(paid, on + 1, undo(nextId(), ''), on + 8);
				truth.reversed.byMatch++;
			}
		} else if (event < 0.014) {
			// First sent with a wrong supply, then adjusted.
			const wrong = row(fill, id, fill.on, received, ndc, Math.min(366, fill.days * 3), 'paid', coverage);
			const right = (rightId: string) => row(fill, rightId, fill.on, later, ndc, fill.days, 'adjusted', coverage, id);
			if (draw.yes(0.5)) {
				both(wrong, received, right(id), later);
				truth.adjusted.sameId++;
			} else {
				const other = nextId();
				out[out.length - 1]!.claimId = other;
				both(wrong, received, right(other), later);
				truth.adjusted.newId++;
			}
		} else if (event < 0.018) {
			// A later version of the same claim.
			both(
				row(fill, id, fill.on, received, ndc, Math.max(1, Math.round(fill.days / 2)), 'paid', coverage),
				received,
				row(fill, id, fill.on, later, ndc, fill.days, 'paid', coverage),
				later
			);
			truth.corrected++;
		} else if (event < 0.021) {
			const line = row(fill, id, fill.on, received, ndc, fill.days, 'paid', coverage);
			put(received, line);
			fileOf(received).again(line);
		} else if (event < 0.0235) {
			put(received, row(fill, id, fill.on, received, ndc, fill.days, 'paid', coverage));
			put(received, row(fill, nextId(), fill.on, received, ndc, fill.days, 'denied', coverage, '', false));
			truth.denied++;
		} else {
			put(received, row(fill, id, fill.on, received, ndc, fill.days, 'paid', coverage));
			const [wrong, spoil] = draw.pick(dirt);
			fileOf(received).bad(
				wrong,
				spoil(row(fill, nextId(), fill.on, received, ndc, fill.days, 'paid', coverage).split(','), one)
			);
		}
	}
	if (noise && one.death !== null && fills.length > 0 && draw.yes(0.1)) {
		const fill = fills[fills.length - 1]!;
		const on = one.death + draw.whole(2, 8);
		if (on <= lastDay && yearOf(on) <= 2026) {
			put(on + 1, row(fill, nextId(), on, on + 1, fill.product.ndc, fill.days, 'paid', 'C'));
			truth.finalFills++;
			truth.afterDeath++;
		}
	}
	return out;
}
