import text from '../../../../data/demo/admission.csv?raw';
import type { Day } from '$lib/domain/day';
import { ageOn, dayOf, firstDay, lastDay } from './calendar';
import { coveredOn, type Condition, type Person } from './person';
import { chance } from './random';
import { hospitals, nursingFacilities, type Facility } from './world';

type Reason = {
	name: string;
	condition: Condition | '';
	share: number;
	principal: string;
	secondary: string[];
	drg: string;
	days: number;
	paid: number;
	procedure: string;
	planned: boolean;
};

const reasons: readonly Reason[] = text
	.trim()
	.split('\n')
	.slice(1)
	.map((row) => {
		const [name, condition, share, principal, secondary, drg, days, paid, procedure, planned] = row.split(',');
		return {
			name: name!,
			condition: condition as Condition | '',
			share: Number(share),
			principal: principal!,
			secondary: secondary ? secondary.split(' ') : [],
			drg: drg!,
			days: Number(days),
			paid: Number(paid),
			procedure: procedure!,
			planned: planned === '1'
		};
	});

/** One stay in a hospital or nursing facility. */
export type Stay = {
	number: number;
	kind: 'acute' | 'nursing';
	reason: Reason;
	from: Day;
	to: Day;
	facility: Facility;
	viaEmergency: boolean;
	/** UB-04 discharge status of the last day. */
	disposition: string;
	admitSource: string;
	/** The stay this one followed within 30 days, if any. */
	after: Stay | null;
	/** A review before it took this stay away: it never happened. */
	prevented: boolean;
	died: boolean;
};

export type Visit = { on: Day; reason: Reason; facility: Facility; observation: boolean };

/** Stays a year of someone of 75 with middling need. */
const baseRate = 0.164;
/** Chance of a further stay within 30 days, at middling need. */
const returnRate = 0.106;

/** The stays of a person, as if there were no MTM; in order, never overlapping. */
export function stays(seed: number, one: Person): Stay[] {
	const draw = chance(seed, 4, one.number);
	const list: Stay[] = [];
	const has = (condition: Condition) => one.conditions.has(condition);
	const age = ageOn(one.birth, dayOf(2025, 1, 1));
	let rate = baseRate * Math.exp(0.028 * (Math.max(age, 40) - 75) + 0.33 * one.need - 0.12 * one.bent);
	if (has('heart_failure')) rate *= 2.1;
	if (has('copd')) rate *= 1.5;
	if (has('kidney_disease')) rate *= 1.3;
	if (has('esrd')) rate *= 1.8;
	if (has('atrial_fibrillation')) rate *= 1.2;
	if (age < 18) rate = 0.01;
	rate = Math.min(rate, 3);
	const possible = reasons.filter((reason) => reason.condition === '' || has(reason.condition));
	const returnP = Math.min(0.5, returnRate * Math.exp(0.3 * one.need));
	let day = firstDay + draw.wait(365 / rate);
	let after: Stay | null = null;
	while (day <= lastDay) {
		const from = Math.floor(day);
		const span = coveredOn(one, from);
		if (
			!span ||
			!span.plan.medical ||
			(one.death !== null && from > one.death) ||
			(one.hospice !== null && from >= one.hospice)
		) {
			day = from + 1 + draw.wait(365 / rate);
			after = null;
			continue;
		}
		const reason: Reason = after
			? draw.yes(0.5) && !after.reason.planned
				? after.reason
				: draw.weighted(possible, (option) => (option.planned ? option.share * 0.35 : option.share))
			: draw.weighted(possible, (option) => option.share);
		const length = Math.max(1, Math.round(reason.days * Math.exp(0.5 * draw.normal() - 0.1)));
		let to = from + Math.min(length, 60);
		const died = one.death !== null && one.death <= to;
		if (died) to = one.death!;
		const toNursing = !died && age >= 65 && draw.yes(reason.procedure ? 0.28 : 0.14);
		const transfer = !died && length >= 3 && draw.yes(0.03);
		const facility = draw.pick(hospitals);
		const stay: Stay = {
			number: list.length,
			kind: 'acute',
			reason,
			from,
			to: transfer ? from + 1 : to,
			facility,
			viaEmergency: !reason.planned && draw.yes(0.72),
			disposition: died
				? '20'
				: transfer
					? '02'
					: toNursing
						? '03'
						: draw.yes(0.18)
							? '06'
							: draw.yes(0.01)
								? '07'
								: '01',
			admitSource: '1',
			after,
			prevented: false,
			died: died && !transfer
		};
		list.push(stay);
		let end = stay;
		if (transfer) {
			end = {
				...stay,
				number: list.length,
				from: stay.to,
				to,
				facility: draw.pick(hospitals.filter((other) => other !== facility)),
				viaEmergency: false,
				disposition: toNursing ? '03' : '01',
				admitSource: '4',
				after: null
			};
			list.push(end);
		}
		if (toNursing) {
			let out = to + Math.max(3, Math.round(draw.wait(21)));
			if (one.death !== null) out = Math.min(out, one.death);
			if (out > to) {
				list.push({
					...end,
					number: list.length,
					kind: 'nursing',
					from: to,
					to: Math.min(out, to + 99),
					facility: draw.pick(nursingFacilities),
					viaEmergency: false,
					disposition: one.death === out ? '20' : '01',
					admitSource: '4',
					after: null,
					died: one.death === out
				});
			}
		}
		const free = list[list.length - 1]!.to;
		if (died || (one.death !== null && free >= one.death)) break;
		// Nursing facility residents return from there: the thirty days count from the hospital's discharge.
		if (draw.yes(returnP)) {
			day = Math.max(free + 1, end.to + draw.whole(1, 29));
			after = end.to + 30 >= day ? end : null;
		} else {
			day = free + 1 + draw.wait(365 / rate);
			after = null;
		}
	}
	return list;
}

/**
 * Takes away the given share of the unplanned hospital stays that begin after `from` (with the stays that only followed from them):
 * this is what a completed review does in the demo.
 */
export function prevent(seed: number, one: Person, list: Stay[], from: Day, share: number): Stay[] {
	const draw = chance(seed, 5, one.number);
	let gone = false;
	for (const stay of list) {
		if (stay.kind === 'nursing' || stay.admitSource === '4') stay.prevented = gone;
		else {
			const drawn = draw.yes(share);
			gone = stay.from > from && !stay.reason.planned && !stay.died && (drawn || (stay.after?.prevented ?? false));
			stay.prevented = gone;
		}
	}
	return list.filter((stay) => !stay.prevented);
}

/** A plain hospital stay (pneumonia) for a planted problem. */
export const plainStay = (from: Day, to: Day): Stay => ({
	number: 0,
	kind: 'acute',
	reason: reasons.find((reason) => reason.name === 'pneumonia')!,
	from,
	to,
	facility: hospitals[0]!,
	viaEmergency: true,
	disposition: '01',
	admitSource: '1',
	after: null,
	prevented: false,
	died: false
});

/** Emergency visits that did not lead to a stay. */
export function visits(seed: number, one: Person, list: readonly Stay[]): Visit[] {
	const draw = chance(seed, 6, one.number);
	const found: Visit[] = [];
	const rate = Math.min(
		5,
		0.47 * Math.exp(0.32 * one.need) * (one.conditions.has('copd') || one.conditions.has('heart_failure') ? 1.4 : 1)
	);
	const possible = reasons.filter(
		(reason) =>
			!reason.planned && (reason.condition === '' || one.conditions.has(reason.condition)) && reason.procedure === ''
	);
	for (let day = firstDay + draw.wait(365 / rate); day <= lastDay; day += 1 + draw.wait(365 / rate)) {
		const on = Math.floor(day);
		const reason = draw.weighted(possible, (option) => option.share);
		const facility = draw.pick(hospitals);
		const observation = draw.yes(0.1);
		if (!coveredOn(one, on)?.plan.medical || (one.death !== null && on >= one.death)) continue;
		if (list.some((stay) => on >= stay.from - 1 && on <= stay.to + 1)) continue;
		found.push({ on, reason, facility, observation });
	}
	return found;
}
