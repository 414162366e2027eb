// Derives ccs.parquet and hospital_code.parquet from raw public files. Run by maintainers, not by users:
//   node data/reference/hospital.mjs RAW
// RAW holds reference/*.parquet, reference/*.csv and code-sets.json (see README.md). Codes stand without dots; where every known
// code under a parent says the same, the parent stands for them (match prefix), so that a code newer than the list goes with its parent.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const here = dirname(fileURLToPath(import.meta.url));
const raw = process.argv[2];
if (!raw) {
	console.error('usage: node data/reference/hospital.mjs RAW');
	process.exit(1);
}
const db = await (await DuckDBInstance.create(':memory:')).connect();
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowObjectsJson();
const file = (name) => `'${join(raw, 'reference', name)}'`;
const cell = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const write = async (name, header, table) => {
	const folder = mkdtempSync(join(tmpdir(), 'hospital-'));
	const csv = join(folder, 'table.csv');
	writeFileSync(csv, `${[header, ...table.map((row) => row.map(cell).join(','))].join('\n')}\n`);
	await db.run(`copy (from read_csv('${csv}', all_varchar = true, header = true)) to '${join(here, name)}' (format parquet, compression zstd)`);
	rmSync(folder, { recursive: true });
	console.log(`${name}: ${table.length} rows`);
};
const plain = (code) => code.replaceAll('.', '').trim();

/** The shortest codes, of three characters or more, under which every code of `all` has one value; a longer one goes before a shorter. */
function shortened(all) {
	const under = new Map();
	for (const [code, value] of all)
		for (let length = 3; length <= code.length; length++) {
			const start = code.slice(0, length);
			const values = under.get(start) ?? under.set(start, new Set()).get(start);
			values.add(value);
		}
	const kept = new Map();
	for (const [code, value] of all) {
		let length = 3;
		while (length < code.length && under.get(code.slice(0, length)).size > 1) length++;
		kept.set(code.slice(0, length), value);
	}
	return [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
}

// CCS: diagnoses of ICD-10-CM; those of ICD-9-CM by CMS's equivalence map where all its choices agree; procedures of ICD-10-PCS.
const cm = new Map(
	(await rows(`select icd_10_cm as code, ccs_diagnosis_category as ccs from ${file('icd10cm_to_ccs.parquet')}`)).map(
		(row) => [plain(row.code), row.ccs]
	)
);
const pcs = new Map(
	(
		await rows(
			`select icd_10_pcs as code, ccs_procedure_category as ccs from ${file('readmission_icd_10_pcs_to_ccs.parquet')}`
		)
	).map((row) => [plain(row.code), row.ccs])
);
const nine = new Map();
for (const row of await rows(`from read_csv(${file('icd9toicd10cmgem.csv')}, all_varchar = true)`)) {
	const found = cm.get(plain(row.icd10cm));
	if (found) nine.set(row.icd9cm, (nine.get(row.icd9cm) ?? new Set()).add(found));
}
const nineKnown = new Map([...nine].filter(([, values]) => values.size === 1).map(([code, [value]]) => [code, value]));
console.log(`ICD-9-CM codes with one CCS category: ${nineKnown.size} of ${nine.size} that map`);
// The map takes V57 (care involving rehabilitation) to aftercare; in AHRQ's own list for ICD-9-CM it is category 254, rehabilitation (from memory).
for (const code of nineKnown.keys()) if (code.startsWith('V57')) nineKnown.set(code, '254');
const ahrqCcs = 'AHRQ, Clinical Classifications Software for ICD-10-CM';
await write('ccs.parquet', 'code_system,code,ccs,source', [
	...shortened(cm).map(([code, ccs]) => ['icd-10-cm', code, ccs, ahrqCcs]),
	...[...nineKnown].sort().map(([code, ccs]) => [
		'icd-9-cm',
		code,
		ccs,
		code.startsWith('V57') ? 'AHRQ, Clinical Classifications Software for ICD-9-CM, from memory' : `${ahrqCcs}, by the CMS general equivalence map`
	]),
	...shortened(pcs).map(([code, ccs]) => ['icd-10-pcs', code, ccs, 'AHRQ, Clinical Classifications Software for ICD-10-PCS'])
]);

const table = [];
const add = (set, system, codes, source, match = 'exact') => {
	for (const code of [...new Set(codes)].sort()) table.push([set, system, code, match, source]);
};
const universe = { 'icd-10-cm': [...cm.keys()], 'icd-10-pcs': [...pcs.keys()] };
/** A long list of codes, shortened where a parent stands for all its codes. */
const addShort = (set, system, codes, source) => {
	const wanted = new Set(codes.map(plain));
	const all = new Map(universe[system].map((code) => [code, false]));
	for (const code of wanted) all.set(code, true);
	const length = system === 'icd-10-pcs' ? 7 : 0;
	for (const [code, isIn] of shortened(all))
		if (isIn) table.push([set, system, code, code.length === length || (wanted.has(code) && !length) ? 'exact' : 'prefix', source]);
};

const readmission = 'CMS hospital-wide readmission measure, planned readmission algorithm 4.0; as packaged by The Tuva Project';
const column = async (name, column, where = 'true') =>
	(await rows(`select distinct ${column} as code from ${file(`${name}.parquet`)} where ${where}`)).map((row) => row.code);
add('always_planned', 'ccs_diagnosis', await column('readmission_always_planned_ccs_diagnosis_category', 'ccs_diagnosis_category'), readmission);
add('always_planned', 'ccs_procedure', await column('readmission_always_planned_ccs_procedure_category', 'ccs_procedure_category'), readmission);
add('potentially_planned', 'ccs_procedure', await column('readmission_potentially_planned_ccs_procedure_category', 'ccs_procedure_category'), readmission);
addShort('potentially_planned', 'icd-10-pcs', await column('readmission_potentially_planned_icd_10_pcs', 'icd_10_pcs'), readmission);
add('acute', 'ccs_diagnosis', await column('readmission_acute_diagnosis_ccs', 'ccs_diagnosis_category'), readmission);
addShort('acute', 'icd-10-cm', await column('readmission_acute_diagnosis_icd_10_cm', 'icd_10_cm'), readmission);
for (const [set, words] of [
	['cancer_treatment', 'Medical Treatment of Cancer'],
	['rehabilitation_care', 'Rehabilitation'],
	['psychiatric_care', 'Psychiatric']
])
	add(set, 'ccs_diagnosis', await column('readmission_exclusion_ccs_diagnosis_category', 'ccs_diagnosis_category', `exclusion_category = '${words}'`), readmission);
for (const cohort of ['Medicine', 'Cardiorespiratory', 'Cardiovascular', 'Neurology'])
	add(`cohort_${cohort.toLowerCase()}`, 'ccs_diagnosis', await column('readmission_specialty_cohort', 'ccs', `specialty_cohort = '${cohort}' and procedure_or_diagnosis = 'Diagnosis'`), readmission);
add('cohort_surgery', 'ccs_procedure', await column('readmission_specialty_cohort', 'ccs', `specialty_cohort = 'Surgery/Gynecology'`), readmission);
addShort('cohort_surgery', 'icd-10-pcs', await column('readmission_surgery_gynecology_cohort', 'icd_10_pcs'), readmission);

const sets = JSON.parse(readFileSync(join(raw, 'code-sets.json'), 'utf8'));
const quality = sets.ahrq_pqi_v2024;
const ahrq = 'AHRQ Prevention Quality Indicators v2024';
for (const [name, set] of Object.entries({
	PQI01: 'pqi_01', PQI03: 'pqi_03', COPD: 'pqi_copd', ASTHMA: 'pqi_asthma', PQI07: 'pqi_07', PQI08: 'pqi_08', PQI11: 'pqi_11', PQI12: 'pqi_12', PQI14: 'pqi_14'
}))
	add(set, 'icd-10-cm', quality.principal_dx[name].codes.map(plain), ahrq);
for (const [name, set] of Object.entries({
	respiratory_anomaly: 'respiratory_anomaly', kidney_anomaly: 'kidney_anomaly', sickle_cell: 'sickle_cell', immunocompromised_dx: 'immunocompromised'
}))
	add(set, 'icd-10-cm', quality.exclusions[name].codes.map(plain), ahrq);
const valueSet = async (name) =>
	(await rows(`select code from read_csv(${file('ahrq_pqi_value_sets.csv')}, all_varchar = true) where value_set_name = '${name}'`)).map((row) => plain(row.code));
addShort('cardiac_procedure', 'icd-10-pcs', await valueSet('cardiac_procedure_codes'), ahrq);
addShort('immunocompromised', 'icd-10-pcs', await valueSet('immunocompromised_state_procedure_codes'), ahrq);
addShort('dialysis_access', 'icd-10-pcs', await valueSet('exclusion_dialysis_access_procedure_codes'), ahrq);
add('kidney_disease', 'icd-10-cm', await valueSet('exclusion_kidney_disease_diagnosis_codes'), ahrq);
addShort('amputation', 'icd-10-pcs', await valueSet('lower-extremity_amputation_procedure_codes'), ahrq);
add('diabetes', 'icd-10-cm', await valueSet('diabetes_diagnosis_codes'), ahrq);
add('traumatic_amputation', 'icd-10-cm', await valueSet('traumatic_amputation_of_the_lower_extremity_diagnosis_codes'), ahrq);

const drugNamed = 'ICD-10-CM, codes whose wording names a drug as the cause; selection of this program';
const harm = sets.adverse_drug_event;
add('drug_named', 'icd-10-cm', Object.keys(harm.definite_codes).map(plain), drugNamed);
add('drug_named', 'icd-10-cm', [...Object.keys(harm.definite_prefixes), 'N141', 'E661'].map(plain), drugNamed, 'prefix');
add('underdosing', 'icd-10-cm', ['Z9112', 'Z9113', 'Z9114'], 'ICD-10-CM, underdosing of medication regimen', 'prefix');
add('underdosing', 'icd-10-cm', ['Y636', 'Y638', 'Y639'], 'ICD-10-CM, underdosing in medical care');

const groups = 'CMS, MS-DRG major diagnostic categories';
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at).padStart(3, '0'));
add('maternity', 'drg', [...range(765, 770), ...range(774, 788), ...range(796, 798), ...range(805, 807), ...range(817, 819), ...range(831, 833), '998'].filter((code) => code !== '998'), groups);
add('newborn', 'drg', range(789, 795), groups);
add('psychiatric', 'drg', ['876', ...range(880, 887)], groups);
add('rehabilitation', 'drg', ['945', '946'], groups);
const wards = 'UB-04 room and board revenue codes, from memory';
add('psychiatric', 'revenue', ['0114', '0124', '0134', '0144', '0154', '0204'], wards);
add('rehabilitation', 'revenue', ['0118', '0128', '0138', '0148', '0158'], wards);
const chapters = 'ICD-10-CM and ICD-9-CM chapters';
add('pregnancy', 'icd-10-cm', ['O'], chapters, 'prefix');
add('pregnancy', 'icd-9-cm', [...range(630, 679), 'V22', 'V23', 'V24', 'V27'], chapters, 'prefix');
add('perinatal', 'icd-10-cm', ['P'], chapters, 'prefix');
add('perinatal', 'icd-9-cm', range(760, 779), chapters, 'prefix');
add('newborn', 'icd-10-cm', ['Z38'], chapters, 'prefix');
add('newborn', 'icd-9-cm', range(30, 39).map((code) => `V${code.slice(1)}`), chapters, 'prefix');
await write('hospital_code.parquet', 'set,code_system,code,match,source', table);
