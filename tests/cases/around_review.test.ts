import { expect, test } from 'vitest';
import { sqlFile } from '$lib/server/sql';
import { medicalLine } from './stay_claim';
import { computed } from './warehouse';

// Rae: reviewed on 10 June 2025; emergency visits in April (two months before) and September (three after), and one in November that is still filling in.
// Una: in MTM all year without a completed review; a visit in May. Vic: in MTM from August only. Wim: opted out in May. All covered all year.
test('people around their first review, beside people in MTM without one around the same months', async () => {
	const people = ['Rae', 'Una', 'Vic', 'Wim'];
	const built = await computed(
		{
			eligibility: people.map((person_id) => ({
				person_id,
				birth_date: '1950-01-01',
				enrollment_start_date: '2025-01-01',
				enrollment_end_date: '2025-12-31'
			})),
			mtm_enrollment: [
				{ person_id: 'Rae', program: 'part_d', enrollment_date: '2025-01-01' },
				{ person_id: 'Una', program: 'part_d', enrollment_date: '2025-01-01' },
				{ person_id: 'Vic', program: 'part_d', enrollment_date: '2025-08-01' },
				{ person_id: 'Wim', program: 'part_d', enrollment_date: '2025-01-01', opt_out_date: '2025-05-01' }
			],
			mtm_service: [
				{ service_id: 'S1', person_id: 'Rae', service_type: 'cmr', service_date: '2025-06-10', status: 'completed' },
				{ service_id: 'S2', person_id: 'Rae', service_type: 'cmr', service_date: '2025-09-10', status: 'completed' },
				{ service_id: 'S3', person_id: 'Una', service_type: 'cmr', service_date: '2025-06-10', status: 'refused' }
			],
			medical_claim: [
				medicalLine('Rae', 'A pro 01-02 pos 11 hcpcs 99213'),
				medicalLine('Rae', 'B 131 04-05 ward 0450 dx R55'),
				medicalLine('Rae', 'C 131 09-05 ward 0450 dx R55'),
				medicalLine('Rae', 'D 131 11-05 ward 0450 dx R55'),
				medicalLine('Una', 'A 131 05-20 ward 0450 dx R55'),
				medicalLine('Vic', 'A 131 05-20 ward 0450 dx R55'),
				medicalLine('Wim', 'A pro 12-30 pos 11 hcpcs 99213')
			]
		},
		{ asOf: '2025-12-31' }
	);
	const rows = await built.connection.rows<{ arm: string; months_away: number; people: number; numerator: number }>(
		sqlFile('panels', 'around_review').text,
		{ measure: 'emergency_visits' }
	);
	built.close();
	const told = (arm: string) =>
		rows
			.filter((row) => row.arm === arm)
			.map((row) => `${row.months_away}:${row.numerator}/${row.people}`)
			.join(' ');
	// January is five months before June; September, three after, is the last complete month.
	expect(told('reviewed')).toBe('-5:0/1 -4:0/1 -3:0/1 -2:1/1 -1:0/1 0:0/1 1:0/1 2:0/1 3:1/1');
	expect(told('unreviewed')).toBe('-5:0/1 -4:0/1 -3:0/1 -2:0/1 -1:1/1 0:0/1 1:0/1 2:0/1 3:0/1');
});
