import { INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf, firstDayOf, isoOf, lastDayOfMonth, yearOf, type Day } from '$lib/domain/day';
import { sqlFile } from '$lib/server/sql';
import { computed, type Built, type Given } from './warehouse';

// Enrolments, sessions and reviews of people made up by chance, and what the rules say of them, found day by day: no joins, no windows, no sums of spans.

type Row = Given[string][number];
const asOf = dayOf('2026-06-30');
const years = [2024, 2025, 2026];

/** Small seeded generator (mulberry32). */
function chance(seed: number) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** A world of so many people; days of sessions lie near those of enrolment and opting out as often as not. */
function world(seed: number, people: number): Given {
	const random = chance(seed);
	const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
	const one = <T>(...of: T[]): T => of[whole(0, of.length - 1)]!;
	const happens = (share: number) => random() < share;
	const given: Required<Record<'eligibility' | 'mtm_enrollment' | 'mtm_service' | 'mtm_recommendation', Row[]>> = {
		eligibility: [],
		mtm_enrollment: [],
		mtm_service: [],
		mtm_recommendation: []
	};
	for (let at = 0; at < people; at++) {
		const person_id = `P${String(at).padStart(4, '0')}`;
		const edges: Day[] = [];
		if (happens(0.95))
			for (const part of happens(0.2) ? [0, 1] : [0])
				given.eligibility.push({
					person_id,
					birth_date: at % 12 === 0 ? one('2006-01-01', '2007-01-02', '2008-01-01', '2008-01-02') : '1950-05-05',
					enrollment_start_date: part ? '2025-07-01' : '2023-01-01',
					enrollment_end_date: part ? '2026-12-31' : happens(0.1) ? '2025-06-30' : '2026-12-31',
					plan: part ? 'Second' : 'First',
					contract_id: one('H0001', 'H0002', null),
					death_date: at % 17 === 0 ? isoOf(dayOf('2025-03-01') + (at % 400)) : null,
					...(at % 15 === 0
						? {
								hospice_start_date: one('2024-12-31', '2025-01-01', '2025-08-08'),
								hospice_end_date: one('2025-12-31', '2026-01-01', null)
							}
						: {})
				});
		const contract = one('H0001', 'H0001', 'H0002', null);
		let from = dayOf('2024-05-01') + whole(0, 750);
		const enrolments = one(1, 1, 1, 2, 2, 3);
		for (let number = 0; number < enrolments; number++) {
			const start = happens(0.2)
				? one(firstDayOf(2025), firstDayOf(2026), dayOf('2024-12-31'), dayOf('2025-11-02'))
				: from;
			const length = one(0, 1, 30, 59, 60, 61, whole(1, 500));
			const end = happens(0.45)
				? null
				: happens(0.1)
					? Math.max(start, one(firstDayOf(2025), firstDayOf(2026)))
					: start + length;
			edges.push(start, end ?? start + 60, start + 60);
			const reason = one('01', '01', '01', '02', '03', '04', null);
			const row: Row = {
				person_id,
				contract_id: happens(0.85) ? contract : one('H0001', 'H0002', null),
				program: one('part_d', 'part_d', 'part_d', 'part_d', 'medicaid'),
				enrollment_date: isoOf(start),
				opt_out_date: end === null ? null : isoOf(end),
				opt_out_reason: end === null || happens(0.2) ? null : one('01', '02', '03', '99'),
				targeting_reason: reason,
				met_criteria_date: happens(0.3) ? null : isoOf(start + one(-1, 0, 0, whole(0, 400))),
				cmr_offered_date: happens(0.5) ? null : isoOf(start + one(59, 60, 61, whole(-5, 90))),
				cognitively_impaired: one(true, false, null),
				ltc_resident: one(true, false, null)
			};
			given.mtm_enrollment.push(row);
			if (happens(0.1)) given.mtm_enrollment.push({ ...row, data_source: 'vendor', ltc_resident: false });
			if (happens(0.05) && end !== start)
				given.mtm_enrollment.push({
					...row,
					data_source: 'vendor',
					enrollment_date: isoOf(start + 1),
					opt_out_date: end === null ? null : isoOf(end + 1)
				});
			// The next one starts some days before or after this one ends, or on that day.
			from = (end ?? start + 200) + one(-1, 0, 0, 1, whole(0, 200));
		}
		for (let number = whole(0, 6); number > 0; number--) {
			const held = happens(0.5) ? one(...edges) + whole(-1, 1) : dayOf('2024-05-01') + whole(0, 850);
			const isDone = happens(0.7);
			const summary = happens(0.3) ? null : isoOf(held + one(0, 13, 14, 15, whole(0, 40)));
			given.mtm_service.push({
				service_id: `${person_id}-${number}`,
				person_id,
				contract_id: one('H0001', 'H0001', 'H0002', null),
				program: one('part_d', 'part_d', null, 'medicaid'),
				service_type: one('cmr', 'cmr', 'tmr', 'follow_up'),
				service_date: isoOf(held),
				status: isDone ? 'completed' : one('refused', 'unable_to_reach', 'no_show', 'scheduled'),
				data_source: one('plan', 'vendor'),
				delivery_method: one('01', '02', '03'),
				recipient: one('01', '03'),
				provider_type: one('06', '13'),
				summary_sent_date: isDone ? summary : null,
				summary_standard_format: isDone ? one(true, true, false, null) : null
			});
		}
		for (let number = whole(0, 3); number > 0; number--)
			given.mtm_recommendation.push({
				recommendation_id: `${person_id}-${number}`,
				person_id,
				service_id: happens(0.5) ? `${person_id}-1` : null,
				identified_date: isoOf(one(...edges) + whole(-30, 30)),
				problem: 'cost',
				action: 'reduce_cost',
				recipient: one('prescriber', 'both', 'patient'),
				response: one('accepted', 'declined', 'withdrawn', 'pending'),
				resolved: one('yes', 'no', 'unknown', null),
				implemented: one('yes', 'no', null)
			});
	}
	return given;
}

const text = (value: Row[string]) => (value === null || value === undefined ? null : String(value));
const dayIn = (row: Row, column: string): Day | null =>
	text(row[column]!) === null ? null : dayOf(text(row[column]!)!);
const sourceOf = (row: Row) => text(row.data_source!) ?? 'plan';
const fits = (session: string | null, enrolled: string | null) =>
	session === null || enrolled === null || session === enrolled;

/** `to`: the day of opting out or, without one, of death; neither counts. */
type Enrolment = { row: Row; from: Day; to: Day | null; optedOut: Day | null; holds: (day: Day) => boolean };
type Year = {
	key: string;
	person: string;
	program: string;
	contract: string | null;
	year: number;
	/** Those with a day in the year, else those that began and ended on one day of it; by their first day. */
	enrolments: Enrolment[];
	days: Day[];
	isTwice: boolean;
	inside: (session: Row) => boolean;
	sessions: Row[];
};

function groups<T>(rows: T[], of: (row: T) => string | null): Map<string | null, T[]> {
	const found = new Map<string | null, T[]>();
	for (const row of rows) {
		const group = found.get(of(row));
		if (group) group.push(row);
		else found.set(of(row), [row]);
	}
	return found;
}

/** Each person, programme, contract and year, with its days of enrolment, one after the other. */
function yearsOf(given: Given): Year[] {
	const sessionsOf = groups(
		given
			.mtm_service!.filter((one) => one.status !== 'scheduled' && dayIn(one, 'service_date')! <= asOf)
			.toSorted(
				(a, b) =>
					text(a.service_date!)!.localeCompare(text(b.service_date!)!) ||
					text(a.service_id!)!.localeCompare(text(b.service_id!)!)
			),
		(one) => text(one.person_id!)
	);
	const enrolled = groups(given.mtm_enrollment!, (row) => [row.person_id, row.program, row.contract_id].join('|'));
	return [...enrolled].flatMap(([key, rows]) => {
		const all = rows
			.map((row): Enrolment => {
				const from = dayIn(row, 'enrollment_date')!;
				const optedOut = dayIn(row, 'opt_out_date');
				const to = optedOut ?? diedOn(text(row.person_id!)!);
				return { row, from, to, optedOut, holds: (day) => day >= from && (to === null || day < to) };
			})
			.toSorted((a, b) => a.from - b.from);
		return years.flatMap((year): Year[] => {
			const calendar = Array.from(
				{ length: firstDayOf(year + 1) - firstDayOf(year) },
				(_, at) => firstDayOf(year) + at
			);
			const held = all.filter((one) => calendar.some((day) => one.holds(day)));
			const enrolments = held.length
				? held
				: all.filter((one) => one.to !== null && one.to <= one.from && yearOf(one.from) === year);
			if (!enrolments.length) return [];
			const days = calendar.filter((day) => enrolments.some((one) => one.holds(day)));
			const told = (one: Enrolment) =>
				[one.row.enrollment_date, one.row.opt_out_date, one.row.met_criteria_date, one.row.targeting_reason].join('|');
			const isTwice = calendar.some((day) => new Set(enrolments.filter((one) => one.holds(day)).map(told)).size > 1);
			const [person, program] = key!.split('|') as [string, string];
			const contract = text(rows[0]!.contract_id!);
			const dates = new Set(days);
			const inside = (session: Row) =>
				dates.has(dayIn(session, 'service_date')!) &&
				fits(text(session.contract_id!), contract) &&
				(session.program === null || session.program === program);
			const sessions = sessionsOf.get(person) ?? [];
			return [{ key: `${key}|${year}`, person, program, contract, year, enrolments, days, isTwice, inside, sessions }];
		});
	});
}

const isReview = (one: Row) => one.service_type === 'cmr' && one.status === 'completed';
const least = (days: (Day | null)[]): Day | null => {
	const known = days.filter((day) => day !== null);
	return known.length ? Math.min(...known) : null;
};

const given = world(7, 600);
/** The day of death that the roster gives. */
function diedOn(person: string): Day | null {
	const row = roster(person).at(-1);
	return row ? dayIn(row, 'death_date') : null;
}
const walked = yearsOf(given);
let built: Built;
beforeAll(async () => {
	built = await computed(given, {
		asOf: isoOf(asOf),
		only: ['cmr_fact', 'mtm_quarter', 'beneficiary_fact', 'mtm_follow_up']
	});
}, 120_000);
afterAll(() => built.close());

const keyOf = "patient_id || '|' || program || '|' || coalesce(contract_id, '') || '|' || year";
type Told = [key: string, ...unknown[]];
const asked = async (sql: string) => (await built.connection.rows(sql)).map((row) => Object.values(row) as Told);
/** Fails with the first rows that the walk or the engine alone has. */
function same(wanted: Told[], got: Told[]) {
	const lines = (rows: Told[]) => rows.map((row) => JSON.stringify(row)).toSorted();
	const [walk, engine] = [lines(wanted), lines(got)];
	expect(walk.length).toBeGreaterThan(50);
	const lacks = (of: string[], from: string[]) => {
		const there = new Set(from);
		return of.filter((line) => !there.has(line)).slice(0, 5);
	};
	expect({ engine: lacks(engine, walk) }).toEqual({ engine: [] });
	expect(engine).toEqual(walk);
	expect({ walk: lacks(walk, engine) }).toEqual({ walk: [] });
}

function roster(person: string) {
	return given.eligibility!.filter((one) => one.person_id === person);
}

/** Why the completion rate leaves somebody out, by the rules of D11 in their order. */
function leftOut(one: Year): string | null {
	const rows = roster(one.person);
	if (one.isTwice) return 'conflicting_records';
	if (one.program !== 'part_d') return 'not_part_d';
	if (!rows.length) return 'birth_date_unknown';
	const born = dayIn(rows.at(-1)!, 'birth_date')!;
	if (dayOf(`${yearOf(born) + 18}${isoOf(born).slice(4)}`) > firstDayOf(one.year)) return 'under_18';
	const gives = (source: string) =>
		given.mtm_enrollment!.some(
			(row) => sourceOf(row) === source && (row.met_criteria_date !== null || row.targeting_reason !== null)
		);
	const meets = one.enrolments.some(({ row }) => {
		const met = dayIn(row, 'met_criteria_date');
		if (!gives(sourceOf(row))) return true;
		return met === null ? ['01', '02', '03'].includes(text(row.targeting_reason!) ?? '') : yearOf(met) <= one.year;
	});
	if (!meets) return 'criteria_not_met';
	const inHospice = rows.some((row) => {
		const from = dayIn(row, 'hospice_start_date');
		if (!row.hospice_start_date) return false;
		const dead = dayIn(rows.at(-1)!, 'death_date');
		const to = dayIn(row, 'hospice_end_date') ?? dead ?? asOf;
		return yearOf(from!) <= one.year && yearOf(to) >= one.year;
	});
	if (inHospice) return 'hospice';
	const isReviewed = one.sessions.some((session) => isReview(session) && one.inside(session));
	return one.days.length < 60 && !isReviewed ? 'short_enrollment' : null;
}

test('who is counted in the completion rate and who had a review', async () => {
	const wanted = walked.map((one): Told => {
		const reviews = one.sessions.filter((session) => isReview(session) && one.inside(session));
		const first = reviews[0];
		const sent = first ? dayIn(first, 'summary_sent_date') : null;
		return [
			one.key,
			leftOut(one),
			Boolean(first),
			one.isTwice ? null : one.days.length,
			first ? first.service_date : null,
			first && sent !== null ? sent - dayIn(first, 'service_date')! : null,
			one.isTwice ? null : reviews.length
		];
	});
	same(
		wanted,
		await asked(
			`
			select ${keyOf} as key, excluded_because, completed, enrolled_days, first_cmr_on::varchar, summary_days,
				case when excluded_because is distinct from 'conflicting_records' then cmrs end
			from cmr_fact inner join patient using (patient_no)`.replace('contract_id', 'cmr_fact.contract_id')
		)
	);
	for (const why of [
		null,
		'conflicting_records',
		'not_part_d',
		'birth_date_unknown',
		'under_18',
		'criteria_not_met',
		'hospice',
		'short_enrollment'
	])
		expect(wanted.filter(([, because]) => because === why).length, `${why}`).toBeGreaterThan(3);
});

const measured = async (measure: string) =>
	await asked(`
		select patient_id || '|' || subject_id || '|' || coalesce(contract_id, '') || '|' || year as key, denominator, numerator, excluded_because
		from (${sqlFile('measures', measure).text})`);
/** Conflicts are told first, then other programmes. */
const notCounted = (one: Year) =>
	one.isTwice ? 'conflicting_records' : one.program === 'part_d' ? null : 'not_part_d';

test('offers within 60 days of the first enrolment of the year', async () => {
	const wanted = walked.map((one): Told => {
		const first = one.enrolments[0]!;
		const due = first.from + 60;
		const offers = [
			...one.enrolments.map(({ row }) => dayIn(row, 'cmr_offered_date')),
			...one.sessions
				.filter((session) => session.service_type === 'cmr' && one.inside(session))
				.map((session) => dayIn(session, 'service_date'))
		];
		const offered = least(offers.filter((day) => day !== null && day <= asOf));
		const why =
			notCounted(one) ??
			(yearOf(first.from) < one.year
				? 'carried_over'
				: offered === null || (first.to !== null && offered >= first.to)
					? first.to !== null && first.to <= due
						? 'ended_before_due'
						: offered === null && due > asOf
							? 'not_yet_due'
							: null
					: null);
		return [
			`${one.person}|${one.contract ?? ''}|${one.contract ?? ''}|${one.year}`,
			Number(why === null),
			Number(why === null && offered !== null && offered <= due),
			why
		];
	});
	same(wanted, await measured('cmr_offered_within_60_days'));
});

test('summaries within 14 days of the first review', async () => {
	const wanted = walked.flatMap((one): Told[] => {
		const first = one.sessions.find((session) => isReview(session) && one.inside(session));
		if (!first) return [];
		const held = dayIn(first, 'service_date')!;
		const sent = dayIn(first, 'summary_sent_date');
		const isSent = sent !== null && sent <= asOf;
		const why = notCounted(one) ?? (!isSent && held + 14 > asOf ? 'not_yet_due' : null);
		return [
			[
				`${one.person}|${first.service_id}|${one.contract ?? ''}|${one.year}`,
				Number(why === null),
				Number(why === null && isSent && sent - held <= 14),
				why
			]
		];
	});
	same(wanted, await measured('cmr_summary_within_14_days'));
});

test('targeted reviews in each quarter', async () => {
	const wanted = walked
		.filter((one) => !one.isTwice)
		.flatMap((one) =>
			[1, 2, 3, 4].flatMap((quarter): Told[] => {
				const from = dayOf(`${one.year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`);
				const to = lastDayOfMonth(one.year, quarter * 3);
				if (!one.days.some((day) => day >= from && day <= to)) return [];
				const why = notCounted(one) ?? (to <= asOf ? null : 'quarter_open');
				const held = one.sessions.some(
					(session) =>
						session.service_type === 'tmr' &&
						session.status === 'completed' &&
						one.inside(session) &&
						dayIn(session, 'service_date')! >= from &&
						dayIn(session, 'service_date')! <= to
				);
				return [
					[
						`${one.person}|${one.contract ?? ''} Q${quarter}|${one.contract ?? ''}|${one.year}`,
						Number(why === null),
						Number(why === null && held),
						why
					]
				];
			})
		);
	same(wanted, await measured('tmr_each_quarter'));
});

test('who can still have the review, by when it must be held, and how many each month had it', async () => {
	const words = { year: INTEGER, only: LIST(VARCHAR), never: LIST(VARCHAR) };
	for (const year of years) {
		const counted = walked.filter((one) => one.year === year && leftOut(one) === null);
		const firstOf = (one: Year) => one.sessions.find((session) => isReview(session) && one.inside(session));
		const due = counted.filter(
			(one) => !firstOf(one) && one.days.some((day) => day > asOf) && (diedOn(one.person) ?? Infinity) > asOf
		);
		const pace = await built.connection.rows(
			sqlFile('panels', 'review_pace').text,
			{ year, only: null, never: null },
			words
		);
		expect(Object.fromEntries(pace.map((row) => [row.month, Number(row.rows)]))).toEqual(
			counted.reduce<Record<number, number>>((sums, one) => {
				const month = Number(text(firstOf(one)?.service_date ?? null)?.slice(5, 7) ?? 0);
				return { ...sums, [month]: (sums[month] ?? 0) + 1 };
			}, {})
		);
		expect([year, pace.find((row) => row.month === 0)?.can_still ?? 0]).toEqual([year, due.length]);
		const [found] = await built.connection.rows(
			sqlFile('panels', 'reviews_due_found').text,
			{ year, only: null, never: null },
			words
		);
		expect([year, found!.rows]).toEqual([year, due.length]);
	}
});

test('the share reviewed by each day, by Kaplan and Meier', async () => {
	const words = { year: INTEGER, only: LIST(VARCHAR), never: LIST(VARCHAR) };
	for (const year of years) {
		const waited = walked
			.filter((one) => one.year === year && leftOut(one) === null && one.days[0]! <= asOf)
			.map((one) => {
				const first = one.sessions.find((session) => isReview(session) && one.inside(session));
				const to = first
					? dayIn(first, 'service_date')!
					: Math.min(one.days.at(-1)!, asOf, diedOn(one.person) ?? Infinity);
				return { days: Math.max(0, to - one.days[0]!), isReviewed: Boolean(first) };
			});
		let waiting = 1;
		const wanted: [number, number, number, number][] = [];
		for (let day = 0; day <= 366; day++) {
			const atRisk = waited.filter((one) => one.days >= day).length;
			const reviews = waited.filter((one) => one.days === day && one.isReviewed).length;
			if (!reviews) continue;
			waiting *= 1 - reviews / atRisk;
			wanted.push([day, atRisk, reviews, Number((1 - waiting).toFixed(9))]);
		}
		const got = await built.connection.rows(
			sqlFile('panels', 'review_times').text,
			{ year, only: null, never: null },
			words
		);
		expect(got.map((row) => [row.days, row.at_risk, row.reviews, Number(Number(row.share).toFixed(9))])).toEqual(
			wanted
		);
	}
});

test('the plan is that of the roster in the contract, else the last one, of the days of enrolment, else the latest', async () => {
	const wanted = walked.map((one): Told => {
		const from = one.enrolments.map((each) => Math.max(each.from, firstDayOf(one.year)));
		const to = one.enrolments.map((each) => Math.min(each.to ?? Infinity, firstDayOf(one.year + 1)));
		const seen = roster(one.person)
			.filter((row) => {
				const starts = dayIn(row, 'enrollment_start_date')!;
				const ends = Math.min(dayIn(row, 'enrollment_end_date')!, diedOn(one.person) ?? Infinity);
				return starts <= ends && starts < Math.max(...to) && ends >= Math.min(...from);
			})
			.toSorted(
				(a, b) =>
					Number(b.contract_id !== null && b.contract_id === one.contract) -
						Number(a.contract_id !== null && a.contract_id === one.contract) ||
					dayIn(b, 'enrollment_start_date')! - dayIn(a, 'enrollment_start_date')!
			);
		const latest = roster(one.person)
			.toSorted((a, b) => dayIn(a, 'enrollment_start_date')! - dayIn(b, 'enrollment_start_date')!)
			.at(-1);
		return [one.key, seen[0]?.plan ?? latest?.plan ?? null];
	});
	same(
		wanted,
		await asked(
			`select ${keyOf} as key, cmr_fact.plan from cmr_fact inner join patient using (patient_no)`.replace(
				'contract_id',
				'cmr_fact.contract_id'
			)
		)
	);
});

test('what the beneficiary file tells of each person and contract', async () => {
	const partD = walked.filter((one) => one.program === 'part_d');
	const of = groups(partD, (one) => one.person);
	const recommendations = groups(given.mtm_recommendation!, (row) => text(row.person_id!));
	const wanted = partD.map((one): Told => {
		const last = one.enrolments.at(-1)!;
		const isOut = last.optedOut !== null && yearOf(last.optedOut) === one.year;
		const done = one.sessions.filter((session) => session.status === 'completed');
		const received = done.filter(
			(session) =>
				isReview(session) &&
				one.inside(session) &&
				session.summary_sent_date !== null &&
				session.summary_standard_format === true
		);
		const documented = one.enrolments.flatMap(({ row, from }) => {
			const day = dayIn(row, 'cmr_offered_date');
			return day === null ? [] : [{ day, from }];
		});
		// An offer of the year; one of before it belongs to who was enrolled in the year.
		const offered = least([
			...documented
				.filter(
					({ day, from }) =>
						(yearOf(day) === one.year || (yearOf(day) < one.year && yearOf(from) === one.year)) && day <= asOf
				)
				.map(({ day }) => day),
			...one.sessions
				.filter((session) => session.service_type === 'cmr' && one.inside(session))
				.map((session) => dayIn(session, 'service_date'))
		]);
		const tmrs = done.filter((session) => session.service_type === 'tmr' && one.inside(session));
		const outside = done.filter(
			(session) =>
				isReview(session) &&
				yearOf(dayIn(session, 'service_date')!) === one.year &&
				(session.program === null || session.program === 'part_d') &&
				fits(text(session.contract_id!), one.contract) &&
				!of.get(one.person)!.some((any) => any.inside(session))
		);
		const made = (recommendations.get(one.person) ?? []).filter((row) => {
			const session = given.mtm_service!.find(
				(each) => each.service_id === row.service_id && sourceOf(each) === sourceOf(row)
			);
			const isKnown = session && (session.status === 'scheduled' || dayIn(session, 'service_date')! <= asOf);
			return (
				row.recipient !== 'patient' &&
				row.response !== 'withdrawn' &&
				dayIn(row, 'identified_date')! <= asOf &&
				one.days.includes(dayIn(row, 'identified_date')!) &&
				(!isKnown ||
					(fits(text(session.contract_id!), one.contract) &&
						(session.program === null || session.program === 'part_d')))
			);
		});
		const resolved = made.filter(
			(row) =>
				row.resolved === 'yes' || ((row.resolved === null || row.resolved === 'unknown') && row.implemented === 'yes')
		);
		const reasons = one.enrolments.map(({ row }) => text(row.targeting_reason!)).filter((reason) => reason !== null);
		const met = least(one.enrolments.map(({ row }) => dayIn(row, 'met_criteria_date')));
		return [
			one.key,
			isoOf(Math.max(one.enrolments[0]!.from, firstDayOf(one.year))),
			reasons.filter((reason) => reason !== '04').length > 0,
			met === null ? null : isoOf(met),
			one.isTwice ? null : isOut ? isoOf(last.optedOut!) : null,
			one.isTwice ? null : isOut || last.optedOut === null ? (last.row.opt_out_reason ?? null) : null,
			received.map((session) => session.service_date).join(' '),
			received[0]?.delivery_method ?? null,
			received[0]?.provider_type ?? null,
			received[0]?.recipient ?? null,
			offered === null ? null : isoOf(offered),
			offered === null && documented.length > 0,
			tmrs.length,
			tmrs[0]?.service_date ?? null,
			outside.length,
			made.length,
			resolved.length
		];
	});
	same(
		wanted,
		await asked(`
			select patient_id || '|part_d|' || coalesce(fact.contract_id, '') || '|' || year as key, enrolled_on::varchar,
				coalesce(targeting_reason <> '04', false), met_criteria_on::varchar,
				case when not is_conflicting then opted_out_on::varchar end,
				case when not is_conflicting then opt_out_reason end, array_to_string(received_on, ' '), delivery_method, provider_code,
				recipient, offered_on::varchar, other_offer_on is not null, tmrs, first_tmr_on::varchar, outside, prescriber_recommendations, resolutions
			from beneficiary_fact as fact inner join patient using (patient_no)`)
	);
});
