/** Why a stay is no index stay for readmission, in words. */
export const notIndexWords: Record<string, string> = {
	not_acute: 'Not an acute stay (psychiatric, rehabilitation, long-term, nursing facility, birth)',
	transferred: 'Transferred to another hospital: the last one has the discharge',
	still_patient: 'Still there at the last bill',
	died: 'Died in the stay',
	left_against_advice: 'Left against medical advice',
	age_not_known: 'Age not known',
	under_18: 'Under 18',
	not_covered_30_days: 'Not covered for the 30 days after',
	hospice: 'Hospice in the year',
	pregnancy: 'Pregnancy',
	perinatal: 'Newborn conditions',
	no_diagnosis_group: 'Principal diagnosis in no group (CCS)',
	cancer_treatment: 'Medical treatment of cancer',
	rehabilitation: 'Rehabilitation care',
	psychiatric: 'Psychiatric care',
	no_cohort: 'In none of CMS’s five cohorts',
	too_recent: 'Discharged in the last 30 days of the data',
	planned_not_known: 'Whether the next admission was planned is not known'
};
