import { answer } from '$lib/server/door';
import { listSeen } from '$lib/server/seen';
import { ask } from '$lib/server/warehouse';
import { auditAsked } from '../asked.server';
import type { PageServerLoad } from './$types';

export type Unbilled = {
	pid: string;
	held_on: string;
	service_type: string;
	program: string | null;
	pharmacy_npi: string | null;
	pharmacy_name: string | null;
	provider_npi: string | null;
	minutes: number | null;
	fee: number | null;
	send_by_on: string;
	can_send: boolean;
	/** Rules that would flag the claim, parted by commas; null for none. */
	rules: string | null;
};
export type UnbilledRule = {
	rule_id: string;
	title: string;
	message: string;
	documents: string;
	sessions: number;
	can_send: number;
};
export type Unpaid = {
	pid: string;
	claim_number: number;
	claim_id: string | null;
	held_on: string;
	submitted_on: string | null;
	payer: string | null;
	program: string | null;
	pharmacy_name: string | null;
	claim_status: string;
	denial_reason: string | null;
	billed: number;
	waiting_days: number | null;
	send_by_on: string;
	can_send: boolean;
};
export type Hours = {
	value: string | null;
	label: string;
	sessions: number;
	billed_sessions: number;
	paid: number;
	hours: number;
	billed_hours: number;
};

const pageRows = 100;

/** What was done and never billed, denied and mendable until when, unpaid and for how long, and what an hour of documented work paid. */
export const load: PageServerLoad = async (event) => {
	const found = await auditAsked(event);
	if (!found) return { ready: false as const };
	const { question, problems, options, loaded } = found;
	const { home, scope, run } = question;
	const { payer, ...chosen } = found.chosen;
	const frame = {
		ready: true as const,
		year: chosen.year,
		years: found.years,
		asOf: run.as_of,
		problems,
		options,
		chosen: { ...chosen, payer }
	};
	if (!loaded) return { ...frame, cards: null };
	const totals = await answer(
		async () =>
			(
				await ask<{ sessions: number; can_send: number; would_pass: number; fee: number; no_fee: number }>(
					home,
					'audit_unbilled_found',
					chosen,
					scope
				)
			)[0]!
	);
	const at = Math.max(1, Math.floor(Number(event.url.searchParams.get('page') ?? '1')) || 1);
	const page = Math.min(at, Math.max(1, Math.ceil((totals.value?.sessions ?? 0) / pageRows)));
	const [unbilled, flagging, unpaid, hours] = await Promise.all([
		answer(async () => {
			const rows = await ask<Unbilled>(
				home,
				'audit_unbilled',
				{ ...chosen, first: (page - 1) * pageRows, rows: pageRows },
				scope
			);
			await listSeen(question, 'done and never billed', rows);
			return rows;
		}),
		answer(() => ask<UnbilledRule>(home, 'audit_unbilled_rules', chosen, scope)),
		answer(async () => {
			const rows = await ask<Unpaid>(home, 'audit_unpaid', chosen, scope);
			await listSeen(question, 'denied and unpaid claims', rows);
			return rows;
		}),
		answer(() => ask<Hours>(home, 'audit_hours', chosen, scope))
	]);
	return { ...frame, cards: { totals, unbilled, flagging, unpaid, hours, page, pageRows } };
};
