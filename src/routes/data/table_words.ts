/** What the tables of the intake are called on pages. */
export const tableWords: Record<string, string> = {
	pharmacy_claim: 'Pharmacy claims',
	medical_claim: 'Medical claims',
	eligibility: 'Enrolment',
	lab_result: 'Lab results',
	mtm_enrollment: 'MTM enrolment',
	mtm_service: 'MTM services',
	mtm_recommendation: 'MTM recommendations',
	mtm_claim: 'MTM claims',
	mtm_medication: 'MTM medicines',
	mtm_service_element: 'MTM documentation',
	mtm_opportunity: 'MTM opportunities',
	pharmacy: 'Pharmacies',
	provider: 'Providers',
	contact: 'Contacts',
	fee_schedule: 'Fee schedule'
};
