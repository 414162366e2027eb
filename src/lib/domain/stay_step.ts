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

const notFilledWords: Record<string, string> = {
	...notIndexWords,
	died: 'Died in the stay or in the days given for filling',
	not_home: 'Not sent home',
	no_pharmacy_coverage: 'No pharmacy coverage for the 30 days after',
	back_before: 'Back in hospital or an emergency department in the days given for filling',
	too_early: 'Discharged in the first 90 days of the fills in the data',
	too_recent: 'Discharged in the last 30 days of fills or medical claims',
	all_on_hand: 'Every medicine called for was on hand'
};

/** The measures whose stays are told step by step: where they start, where they end, what is said beside, and each reason in words. */
export const stepMeasures: Record<string, { from: string; to: string; note: string; words: Record<string, string> }> = {
	readmission_30_days: {
		from: 'stays',
		to: 'index stays',
		note: 'By discharge. Planned readmissions, by CMS’s algorithm, are not counted above the line.',
		words: notIndexWords
	},
	discharge_without_fills: {
		from: 'stays that call for medicines',
		to: 'discharges counted',
		note: 'By discharge, of acute stays with a principal diagnosis of the table of medicines after discharge.',
		words: notFilledWords
	},
	hospital_after_no_fill: {
		from: 'stays that call for medicines',
		to: 'discharges without a fill',
		note: 'By discharge, of acute stays with a principal diagnosis of the table of medicines after discharge.',
		words: notFilledWords
	},
	avoidable_admissions: {
		from: 'admissions',
		to: 'avoidable ones',
		note: 'By admission, of acute stays; a transfer is one admission. These stand above the line; below it are all covered months.',
		words: {
			not_covered: 'Not covered on the day, or in a month that claims do not tell of',
			icd_9: 'Coded in ICD-9',
			age_not_known: notIndexWords.age_not_known!,
			under_18: notIndexWords.under_18!,
			transferred_in: 'From another hospital or facility (point of origin 4, 5, 6)',
			not_avoidable: 'For another reason, or left out by the indicator itself'
		}
	}
};
