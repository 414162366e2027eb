import { yearOf, type Day } from '$lib/domain/day';
import { ageOn, dayOf, firstDay, lastDay } from './calendar';
import type { Stay } from './hospital';
import { coveredOn, type Person } from './person';
import { chance, type Chance } from './random';
import { recommend, type Recommendation } from './recommendation';
import { eligibleFrom } from './targeting';
import type { Therapy } from './therapy';
import { nextSlotDay, slotOf, type Plan, type Slot } from './world';

/** The effect of a first completed CMR that the demo is built with. */
export const effect = {
	/** Share of later unplanned hospital stays that do not happen. */
	staysPrevented: 0.15,
	/** Share of later lateness (beyond three days) and of stops that does not happen. */
	latenessPrevented: 0.35
};

export type Enrolment = {
	plan: Plan;
	on: Day;
	met: Day | null;
	reason: '01' | '02' | '03' | '04';
	optOut: Day | null;
	optOutReason: '' | '01' | '02' | '03' | '99';
	offered: Day | null;
	channel: string;
};

export type SessionType =
	'cmr' | 'tmr' | 'follow_up' | 'adherence' | 'transition_of_care' | 'education' | 'prescriber_consult';
export type Session = {
	id: string;
	type: SessionType;
	plan: Plan;
	on: Day;
	status: 'completed' | 'refused' | 'unable_to_reach' | 'no_show' | 'scheduled';
	statusReason: string;
	start: number;
	minutes: number;
	followUpOf: string;
	followUpDue: Day | null;
	recommendations: Recommendation[];
};

export type Programme = {
	/** Days on which the CMS (or programme) criteria were met first; null when never. */
	eligible: Day | null;
	enrolments: Enrolment[];
	sessions: Session[];
	/** First completed CMR; from here on the effect holds. */
	firstCmr: Day | null;
};

const reasonsToRefuse = ['not interested', 'no time', 'already reviewed by own doctor', 'does not trust the call'];

/** What MTM does with a person: enrolment, sessions, recommendations. Accepted recommendations that happen change `treated`. */
export function programmeOf(seed: number, one: Person, treated: Therapy[], without: readonly Stay[]): Programme {
	const draw = chance(seed, 10, one.number);
	const eligible = eligibleFrom(one, treated);
	const none: Programme = { eligible, enrolments: [], sessions: [], firstCmr: null };
	// Entry by need: who meets the criteria; and, beyond them, some of those who just left hospital with many medicines.
	let first: { on: Day; met: Day | null; reason: Enrolment['reason'] } | null = null;
	if (eligible !== null) {
		const programme = coveredOn(one, eligible)!.plan.programme;
		if (draw.yes(programme === 'part_d' ? 0.94 : programme === 'medicaid' ? 0.45 : 0.35))
			first = { on: eligible + draw.whole(3, 28), met: eligible, reason: draw.yes(0.03) ? '03' : '01' };
	} else {
		const stay = without.find((other) => other.kind === 'acute');
		const drugs = treated.filter((therapy) => therapy.behaviour !== 'acute').length;
		if (stay && drugs >= 5 && draw.yes(0.22)) first = { on: stay.to + draw.whole(8, 60), met: null, reason: '04' };
		else if (drugs >= 3 && treated.some((therapy) => therapy.line === 'opioid') && draw.yes(0.05))
			first = { on: firstDay + draw.whole(30, 900), met: null, reason: '02' };
	}
	if (!first || first.on > lastDay || !coveredOn(one, first.on) || (one.death !== null && first.on >= one.death - 5))
		return none;
	if (ageOn(one.birth, first.on) < 18) return none;

	const enrolments: Enrolment[] = [];
	let from = first.on;
	let stopped = false;
	for (let at = 0; at < one.spans.length && !stopped; at++) {
		const span = one.spans[at]!;
		if (span.to < from) continue;
		const last = enrolments[enrolments.length - 1];
		// One enrolment goes on through following years of the same contract.
		if (
			last &&
			last.plan.contract === span.plan.contract &&
			last.plan.programme === span.plan.programme &&
			last.optOut === null
		)
			continue;
		const on = Math.max(from, last ? span.from + draw.whole(5, 40) : span.from);
		if (on > lastDay || on > span.to || (one.death !== null && on >= one.death)) break;
		let until = span.to;
		for (const next of one.spans.slice(at + 1)) {
			if (
				next.plan.contract !== span.plan.contract ||
				next.plan.programme !== span.plan.programme ||
				next.from > until + 1
			)
				break;
			until = next.to;
		}
		let optOut: Day | null = null;
		let why: Enrolment['optOutReason'] = '';
		if (draw.yes(0.09)) {
			optOut = on + draw.whole(10, 420);
			why = draw.yes(0.85) ? '03' : '99';
			stopped = true;
		}
		if (until < lastDay && (optOut === null || optOut > until)) {
			optOut = until + 1;
			why = '02';
			stopped = false;
		}
		if (one.death !== null && (optOut === null || optOut >= one.death)) {
			optOut = one.death;
			why = '01';
			stopped = true;
		}
		if (optOut !== null && optOut > lastDay) {
			optOut = null;
			why = '';
		}
		const offered = on + (draw.yes(0.93) ? draw.whole(4, 58) : draw.whole(62, 110));
		enrolments.push({
			plan: span.plan,
			on,
			met: first.met === null ? null : Math.max(first.met, last ? span.from : first.met),
			reason: first.reason,
			optOut,
			optOutReason: why,
			offered: offered <= lastDay && (optOut === null || offered < optOut) ? offered : null,
			channel: draw.pick(['mail', 'phone', 'phone', 'pharmacy'])
		});
		from = until + 1;
	}
	const slot = slotOf(one.number);
	const used = new Set<Day>();
	const sessions: Session[] = [];
	const free = (day: Day, to: Day): Day | null => {
		for (let on = nextSlotDay(slot, day); on <= to; on += 21)
			if (!used.has(on) && coveredOn(one, on) && !without.some((stay) => on >= stay.from && on <= stay.to)) return on;
		return null;
	};
	let firstCmr: Day | null = null;
	for (const enrolment of enrolments) {
		const end = Math.min(
			enrolment.optOut === null ? dayOf(2026, 12, 31) : enrolment.optOut - 1,
			one.hospice ?? Number.MAX_SAFE_INTEGER
		);
		const hold = (
			type: SessionType,
			day: Day,
			to: Day,
			status: Session['status'],
			minutes: number,
			more: Partial<Session> = {}
		): Session | null => {
			const on = free(day, Math.min(to, status === 'scheduled' ? end : Math.min(end, lastDay)));
			if (on === null) return null;
			used.add(on);
			const session: Session = {
				id: `S${one.id.slice(1)}-${sessions.length + 1}`,
				type,
				plan: coveredOn(one, on)!.plan,
				on,
				status,
				statusReason: '',
				start: startOf(draw, slot, minutes),
				minutes,
				followUpOf: '',
				followUpDue: null,
				recommendations: [],
				...more
			};
			sessions.push(session);
			return session;
		};
		for (let year = yearOf(enrolment.on); year <= 2026; year++) {
			const start = Math.max(enrolment.on + 4, dayOf(year, 1, 5));
			const stop = Math.min(end, dayOf(year, 12, 28));
			if (stop - start < 14) continue;
			// Back after a lapse in the same year: the year's review may stand already.
			const reviewed = sessions.some(
				(session) => session.type === 'cmr' && session.status === 'completed' && yearOf(session.on) === year
			);
			const short = stop - Math.max(enrolment.on, dayOf(year, 1, 1)) < 59;
			const completes = !reviewed && draw.yes(short ? 0.15 : Math.min(0.97, enrolment.plan.cmr + 0.03 * one.bent));
			let day = start + Math.floor(draw.unit() * Math.min(300, stop - start - 10));
			const attempts = reviewed ? 0 : completes ? draw.weighted([0, 0, 1, 2], (count) => 3 - count) : draw.whole(1, 3);
			for (let attempt = 0; attempt < attempts; attempt++) {
				const refused = !completes && attempt === attempts - 1 && draw.yes(0.5);
				hold(
					'cmr',
					day,
					Math.min(stop, day + 40),
					refused ? 'refused' : draw.yes(0.75) ? 'unable_to_reach' : 'no_show',
					0,
					{
						statusReason: refused ? draw.pick(reasonsToRefuse) : 'no answer'
					}
				);
				day += draw.whole(15, 40);
			}
			if (completes) {
				const minutes = Math.max(16, Math.min(60, Math.round(36 + 9 * draw.normal())));
				const due = draw.yes(0.55) ? draw.whole(21, 45) : null;
				const planned = Math.min(day, stop - 24);
				const scheduled = planned > lastDay;
				if (scheduled && draw.yes(0.65)) continue;
				const held = hold('cmr', planned, stop, scheduled ? 'scheduled' : 'completed', minutes);
				if (!held) continue;
				if (scheduled || held.on > lastDay) {
					held.status = 'scheduled';
					continue;
				}
				firstCmr ??= held.on;
				if (due !== null) held.followUpDue = held.on + due;
				recommend(
					draw,
					one,
					treated,
					held,
					draw.weighted([0, 1, 2, 3, 4], (count) => [1, 3, 4, 2.5, 1][count]!)
				);
				if (due !== null && draw.yes(0.78))
					hold(
						'follow_up',
						held.on + Math.max(10, due - 18),
						Math.min(stop, held.on + due + 30),
						'completed',
						Math.max(9, Math.round(19 + 5 * draw.normal())),
						{
							followUpOf: held.id
						}
					);
			}
			for (let month = 1; month <= 10; month += 3) {
				const quarter = dayOf(year, month, 1);
				const begins = Math.max(quarter, enrolment.on + 1);
				const ends = Math.min(dayOf(year, month + 3, 1) - 1, stop);
				if (ends - begins < 25 || ends > lastDay + 92 || begins > lastDay || draw.yes(0.09)) continue;
				const held = hold(
					'tmr',
					begins + Math.floor(draw.unit() * (ends - begins - 21)),
					ends,
					'completed',
					draw.whole(4, 9)
				);
				if (held && draw.yes(0.22)) recommend(draw, one, treated, held, 1);
			}
			if (draw.yes(0.25)) hold('adherence', start + draw.whole(0, 250), stop, 'completed', draw.whole(10, 19));
			if (draw.yes(0.06)) hold('education', start + draw.whole(0, 250), stop, 'completed', draw.whole(10, 22));
		}
		for (const stay of without)
			if (stay.kind === 'acute' && stay.from > enrolment.on && stay.to < end && draw.yes(0.4))
				hold('transition_of_care', stay.to + 1, stay.to + 24, 'completed', draw.whole(12, 30));
	}
	sessions.sort((a, b) => a.on - b.on);
	return { eligible, enrolments, sessions, firstCmr };
}

const startOf = (draw: Chance, slot: Slot, minutes: number) =>
	slot.startMinute + draw.whole(0, Math.max(0, 59 - minutes));
