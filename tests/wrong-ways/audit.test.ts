import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditRules } from '$lib/server/build/audit';
import { cases, given } from '../cases/audit_case';
import { computed, type Built } from '../cases/warehouse';

/** Mistakes that are easily made in a rule: what is replaced, and by what. Each must flag other lines, or other dollars, of the worked cases. */
const mistakes: [rule: string, right: string, wrong: string][] = [
	['A01', 'where service_id is null', 'where claimed_service_id is null'],
	['A02', 'where line.documented_at::date > least', 'where line.documented_at::date >= least'],
	['A03', 'end_time <= start_time', 'end_time < start_time'],
	['A04', 'where so_far > earned', 'where so_far >= earned'],
	['A04', 'least(units, so_far - earned)', 'units'],
	['A05', 'line.claim_id = primary_line.claim_id', 'true'],
	['A06', "where procedure_code = '99605'", "where procedure_code in ('99605', '99606')"],
	['A07', '>= line.service_date - line.new_patient_days', '> line.service_date - line.new_patient_days'],
	['A08', ", coalesce(line.modifier, '')", ''],
	['A09', 'or first_claim.payer <> payer', ''],
	['A10', 'so_far - most_add_on_units', 'so_far'],
	['A11', 'encounter_days - 1', 'encounter_days'],
	['A11', "term.approval_lifts_limit = 'yes'", 'false'],
	['A12', 'and coalesce(span.payer = line.payer, true)', ''],
	['A13', 'line.service_date < coalesce(span.opted_out_on', 'line.service_date <= coalesce(span.opted_out_on'],
	['A14', 'line.service_date > patient.death_date', 'line.service_date >= patient.death_date'],
	['A15', 'line.service_date > stay.from_on', 'line.service_date >= stay.from_on'],
	['A15', "term.phone_in_stay = 'yes'", 'false'],
	['A16', 'between hospice.from_on', 'between hospice.from_on + 1'],
	['A17', "provider.licensed_to, date '9999-12-31')", "provider.licensed_to - 1, date '9999-12-31')"],
	['A17', 'between provider.certified_from', 'between provider.certified_from - 1'],
	['A18', '>= provider.excluded_from', '> provider.excluded_from'],
	['A19', 'one.start_time < other.end_time', 'one.start_time <= other.end_time'],
	['A19', 'and one.patient_no <> other.patient_no', ''],
	['A20', 'day.minutes > term', 'day.minutes >= term'],
	['A22', 'or is_distant <> is_distant_place', ''],
	['A23', 'fill.dispensed_on > asked', 'fill.dispensed_on >= asked'],
	['A23', 'where not coalesce(ill.is_enough, false)', 'where true'],
	['A24', 'counted.problems >= level.problems', 'true'],
	['A24', 'counted.medications >= level.medications', 'true'],
	['A24', 'billed.patient_no = problem.patient_no', 'true'],
	['A25', 'listed.missing > term', 'listed.missing >= term'],
	['A26', "recipient in ('prescriber', 'both') and prescriber_npi is null)", 'prescriber_npi is null)'],
	['A26', 'line.patient_no = incomplete.patient_no', 'true'],
	['A27', 'line.patient_no = unseen.patient_no', 'true'],
	['A28', 'line.patient_no = unseen.patient_no', 'true'],
	['A29', 'line.patient_no = bare.patient_no', 'true'],
	['A27', "verified = 'no'", "verified <> 'no'"],
	['A28', "verified = 'no'", "verified = 'yes'"],
	['A29', '>= term.rationale', '> term.rationale'],
	['A31', 'where judged.percent >= written.same_note_percent', 'where judged.patients > 1'],
	['A32', '> asked.due_on', '>= asked.due_on'],
	[
		'A32',
		'working_days_after(line.service_date, term.summary_working_days)',
		'line.service_date + term.summary_working_days + 1'
	],
	['A33', "and term.standard_summary = 'yes'", ''],
	['A34', 'line.consented_on > line', 'line.consented_on >= line'],
	['A35', 'and line.session_approval is null', ''],
	['A36', 'and asked.service_date between eligibility.enrollment_start_date and eligibility.enrollment_end_date', ''],
	['A37', 'counted.review > term', 'counted.review >= term'],
	['A38', 'having not bool_or', 'having bool_or'],
	['A39', '(span.opted_out_on is null) <> (span.opt_out_reason is null)', 'span.opted_out_on is not null'],
	['A40', '> term.submit_days', '>= term.submit_days'],
	['A41', 'line.paid + line.patient_paid - fee', 'line.paid - fee'],
	['A42', 'and not has_reversed', ''],
	['A44', 'and line.service_date = fill.dispensed_on', '']
];

let built: Built;
beforeAll(async () => {
	built = await computed((await given(cases)).given, { asOf: '2025-10-01' });
}, 120_000);
afterAll(() => built.close());

const flagged = async (sql: string) =>
	await built.connection.rows(
		`select line_no, round(sum(at_risk), 2)::double as at_risk from (${sql}) group by line_no order by line_no`
	);

test.each(mistakes)('%s with "%s" as "%s"', async (id, right, wrong) => {
	const { file } = auditRules().find((rule) => rule.id === id)!;
	expect(file.text).toContain(right);
	expect(await flagged(file.text.replaceAll(right, wrong))).not.toEqual(await flagged(file.text));
});

test('every rule that is run has a mistake', () => {
	expect(
		auditRules()
			.filter((rule) => rule.notRun === null && !mistakes.some(([id]) => id === rule.id))
			.map((rule) => rule.id)
	).toEqual([]);
});
