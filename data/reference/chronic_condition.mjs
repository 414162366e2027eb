// Derives chronic_condition.csv and chronic_condition_code.csv from CMS's Chronic Conditions Warehouse. Run by maintainers, not by users:
//   node data/reference/chronic_condition.mjs RAW
// RAW holds reference/ccw_chronic_conditions.parquet (see README.md). Only ICD-10-CM diagnoses are taken.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const here = dirname(fileURLToPath(import.meta.url));
const raw = process.argv[2];
if (!raw) {
	console.error('usage: node data/reference/chronic_condition.mjs RAW');
	process.exit(1);
}
const db = await (await DuckDBInstance.create(':memory:')).connect();
const rows = (
	await db.runAndReadAll(`
	select condition, claims_qualification as rule, inclusion_type, code
	from '${join(raw, 'reference/ccw_chronic_conditions.parquet')}'
	where code_system = 'ICD-10-CM'
	group by all order by all`)
).getRowObjectsJson();

/** Shorter ids; other conditions are named by their title. */
const ids = {
	'Acute Myocardial Infarction': 'acute_myocardial_infarction',
	'ADHD, Conduct Disorders, and Hyperkinetic Syndrome': 'adhd',
	'Depression, Bipolar, or Other Depressive Mood Disorders': 'depression',
	'Heart Failure and Non-Ischemic Heart Disease': 'heart_failure',
	'Human Immunodeficiency Virus and/or Acquired Immunodeficiency Syndrome (HIV/AIDS)': 'hiv_aids',
	'Liver Disease, Cirrhosis, and Other Liver Conditions (except Viral Hepatitis)': 'liver_disease',
	'Osteoporosis With or Without Pathological Fracture': 'osteoporosis',
	'Parkinson’s Disease and Secondary Parkinsonism': 'parkinsons_disease',
	'Rheumatoid Arthritis/Osteoarthritis': 'arthritis',
	'Stroke/Transient Ischemic Attack': 'stroke',
	'Chronic Obstructive Pulmonary Disease': 'copd',
	'Cystic Fibrosis and Other Metabolic Developmental Disorders': 'cystic_fibrosis',
	'Opioid Use Disorder (OUD)': 'opioid_use_disorder',
	'Peripheral Vascular Disease (PVD)': 'peripheral_vascular_disease',
	'Post-Traumatic Stress Disorder (PTSD)': 'post_traumatic_stress_disorder'
};
const idOf = (title) =>
	ids[title] ??
	title
		.toLowerCase()
		.replace(/’/g, '')
		.replace(/[^a-z]+/g, '_')
		.replace(/^_|_$/g, '');

/** The ten core chronic diseases of Part D MTM since 2025 (domain: 42 CFR 423.153(d)(2)). */
const core = {
	alzheimers_disease: 'alzheimers_disease',
	osteoporosis: 'bone_disease_arthritis',
	arthritis: 'bone_disease_arthritis',
	heart_failure: 'chronic_heart_failure',
	diabetes: 'diabetes',
	hyperlipidemia: 'dyslipidemia',
	end_stage_renal_disease: 'end_stage_renal_disease',
	hiv_aids: 'hiv_aids',
	hypertension: 'hypertension',
	depression: 'mental_health',
	depressive_disorders: 'mental_health',
	bipolar_disorder: 'mental_health',
	schizophrenia: 'mental_health',
	schizophrenia_and_other_psychotic_disorders: 'mental_health',
	asthma: 'respiratory_disease',
	copd: 'respiratory_disease'
};

/** Look-back in months: three and two years where the first thirty conditions have them, one year for the rest of these, two for all others. */
const years = { alzheimers_disease: 3, non_alzheimers_dementia: 3 };
for (const id of ['chronic_kidney_disease', 'diabetes', 'heart_failure', 'ischemic_heart_disease', 'arthritis']) years[id] = 2;

const told = 'CMS Chronic Conditions Warehouse; look-back from memory';
const conditions = new Map();
const codes = [];
for (const { condition: title, rule, inclusion_type: kind, code } of rows) {
	const id = idOf(title);
	if (!conditions.has(id)) {
		const strong = /inpatient\/SNF\/HHA/.test(rule)
			? 'inpatient|snf|home_health'
			: /inpatient\/SNF|inpatient, SNF/.test(rule)
				? 'inpatient|snf'
				: /inpatient/.test(rule)
					? 'inpatient'
					: '';
		const others = /3 or more/.test(rule) ? 3 : /2 (HOP|other|non)/.test(rule) ? 2 : /HOP/.test(rule) ? 1 : '';
		const isFirst = /HOP|At least 1 inpatient claim with DX codes$/.test(rule);
		conditions.set(id, [id, `"${title}"`, core[id] ?? '', strong, others, (years[id] ?? (isFirst ? 1 : 2)) * 12, told]);
	}
	codes.push([id, kind === 'Include' ? 'include' : 'exclude', code]);
}
// CMS counts end-stage renal disease by enrolment status; these diagnoses are ours.
conditions.set('end_stage_renal_disease', [
	'end_stage_renal_disease',
	'"End-Stage Renal Disease"',
	'end_stage_renal_disease',
	'inpatient|snf|home_health',
	2,
	24,
	'"OpenMTM: diagnoses of end-stage renal disease and dialysis, not checked against a published list"'
]);
for (const code of ['N186', 'Z992', 'Z9115', 'I120', 'I1311', 'I132']) codes.push(['end_stage_renal_disease', 'include', code]);

const write = (name, header, lines) => {
	writeFileSync(join(here, name), [header, ...lines.map((line) => line.join(','))].join('\n') + '\n');
	console.log(`${name}: ${lines.length} rows`);
};
write(
	'chronic_condition.csv',
	'condition,title,core_disease,strong_claims,other_claims,look_back_months,source',
	[...conditions.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1))
);
write('chronic_condition_code.csv', 'condition,role,code', codes);
