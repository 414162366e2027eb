import type { Day } from '$lib/domain/day';
import { pharmacistAt, type AuditCase } from './audit';
import { iso } from './calendar';
import type { Dispensed } from './dispense';
import type { Cell, MtmFiles } from './files';
import { claimRows, linesFor, type BilledLine } from './mtm_claim';
import type { Person } from './person';
import type { Session, SessionType } from './programme';
import { chance } from './random';
import { instant, noteOf, serviceRow, type Held } from './session';
import { network, pharmacist } from './world';

/** What a planted problem is, in the truth file: [rule, person, service, claim, line, note]. */
export type Planted = [string, string, string, string, string, string];

type Documented = Partial<Parameters<typeof serviceRow>[3]> & {
	type?: SessionType;
	method?: '02';
	undocumented?: boolean;
};
type Bill = {
	lines?: readonly BilledLine[];
	submitted?: Day;
	format?: '837p' | 'ncpdp';
	status?: 'paid' | 'reversed';
	original?: string;
	approval?: string;
	/** Cells of every line, by column. */
	over?: Record<string, Cell>;
};

/** Where the sessions and claims of one planted problem are written: right in everything but what is said. */
export type Desk = {
	one: Person;
	audit: AuditCase;
	dispensed: readonly Dispensed[];
	/** The session on a day, so many minutes from a minute of the day on. */
	hold: (day: Day, minutes: number, start: number, more?: Documented) => Session;
	/** The claim for a session, of a new or an established patient; returns its id. */
	bill: (session: Session, isNew: boolean, more?: Bill) => string;
	/** A problem that the session found, with its recommendation; cells by column over a right one. */
	problem: (session: Session, over: Record<string, Cell>) => void;
	/** A line of the list of reviewed medicines. */
	medicine: (session: Session, line: number, name: string, source: 'otc' | 'supplement') => void;
	/** Says what is wrong; the line is empty when every line of the claim is. */
	tell: (session: Session, claim: string, line: number | '', note: string) => void;
	planted: Planted[];
};

/** The desk of the pharmacist who has this planted problem. */
export function desk(
	seed: number,
	one: Person,
	audit: AuditCase,
	dispensed: readonly Dispensed[],
	files: MtmFiles
): Desk {
	const draw = chance(seed, 12, one.number);
	const plan = one.spans[0]!.plan;
	const stem = one.id.slice(1);
	const approval = plan.programme === 'medicaid' ? `PA${stem}` : '';
	const held: Held = {
		pharmacist: pharmacist(seed, pharmacistAt(audit)),
		setting: 'community_pharmacy',
		method: '01',
		pharmacyNpi: network[audit.at % 14]!.npi
	};
	const planted: Planted[] = [];
	let sessions = 0;
	let claims = 0;
	return {
		one,
		audit,
		dispensed,
		planted,
		hold(day, minutes, start, more = {}) {
			const session: Session = {
				id: `S${stem}-${++sessions}`,
				type: more.type ?? 'cmr',
				plan,
				on: day,
				status: 'completed',
				statusReason: '',
				start,
				minutes,
				followUpOf: '',
				followUpDue: null,
				recommendations: []
			};
			const isCmr = session.type === 'cmr';
			if (!more.undocumented)
				files.mtm_service.row(
					serviceRow(one, session, more.method ? { ...held, method: more.method } : held, {
						reviewed: 6,
						summarySent: isCmr ? day + (plan.programme === 'medicaid' ? 2 : 5) : null,
						summaryStandard: isCmr ? 'yes' : '',
						planSent: null,
						consent: plan.programme === 'medicaid' ? day : null,
						approval,
						documented: instant(day, start + minutes + 10),
						note: noteOf(draw, ''),
						recipient: '01',
						...more
					})
				);
			return session;
		},
		bill(session, isNew, more = {}) {
			const id = `B${stem}-${++claims}`;
			const submitted = more.submitted ?? session.on + 4;
			const rows = claimRows(
				one,
				session,
				held,
				{
					id,
					lines: more.lines ?? linesFor(session.minutes, isNew),
					status: more.status ?? 'paid',
					submitted,
					paidOn: submitted + 12,
					format: more.format ?? '837p',
					approval: more.approval ?? approval,
					...(more.original ? { original: more.original } : {})
				},
				more.over ?? {}
			);
			for (const row of rows) files.mtm_claim.row(row);
			return id;
		},
		problem(session, over) {
			const cells: Record<string, Cell> = {
				recommendation_id: `${session.id}-R1`,
				service_id: session.id,
				person_id: one.id,
				identified_date: iso(session.on),
				problem: 'adverse_event',
				problem_detail: '',
				action: 'monitor',
				ndc_code: '',
				ingredient: 'warfarin',
				new_ingredient: '',
				recipient: 'prescriber',
				prescriber_npi: one.pcp,
				channel: 'fax',
				sent_date: iso(session.on),
				response: 'accepted',
				response_date: iso(session.on + 3),
				decline_reason: '',
				implemented: 'yes',
				implemented_date: '',
				resolved: 'yes',
				resolved_date: '',
				barrier: '',
				strategy: '',
				severity_level: 3,
				estimated_cost_avoidance: '120.00',
				rationale: '',
				data_source: 'demo',
				...over
			};
			files.mtm_recommendation.row(Object.values(cells));
		},
		medicine(session, line, name, source) {
			const cells = [session.id, line, '', '', name, source, '', 'not_assessed', 'not_assessed', 'yes', 'not_assessed'];
			files.mtm_medication.row([...cells, 'continue', 'demo']);
		},
		tell(session, claim, line, note) {
			planted.push([audit.rule, one.id, session.id, claim, String(line), note]);
		}
	};
}
