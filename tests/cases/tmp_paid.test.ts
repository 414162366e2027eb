import { test } from 'vitest';
import { computed } from './warehouse';
test('x', async () => {
	const b = await computed({
	eligibility: [{person_id:'Ann',birth_date:'1950-01-01',enrollment_start_date:'2025-01-01',enrollment_end_date:'2025-12-31',plan:'PLAN'}],
	medical_claim: [{claim_id:'M1',claim_type:'professional',person_id:'Ann',claim_start_date:'2025-01-05',place_of_service_code:'11',paid_amount:10}],
	pharmacy_claim: [{claim_id:'F1',person_id:'Ann',dispensing_date:'2025-02-05',days_supply:30,ndc_code:'00071015523',paid_amount:10}]},{asOf:'2025-12-31'});
	console.log(await b.connection.rows('from paid_year'), await b.connection.rows(`from hospital_result where measure like '%paid'`), await b.connection.rows(`from measure_result where measure like '%paid'`), await b.connection.rows(`select quantile_disc(x, [0.5,0.6,0.67,1.0]) from (values (0),(600),(1200)) t(x)`), await b.connection.rows(`from enrollment_span`), await b.connection.rows(`from roster_span`));
});
