import type { Given } from './warehouse';

/** The words after the fixed ones: `of A at F2 undated` is {of: 'A', at: 'F2', undated: ''}. */
function said(words: string[]): Record<string, string> {
	const say: Record<string, string> = {};
	for (let at = 0; at < words.length; at++) {
		if (words[at] === 'undated') say.undated = '';
		else say[words[at]!] = words[++at]!;
	}
	return say;
}

const orNone = (word: string | undefined, usual: string) => (word === 'none' ? null : (word ?? usual));
const dayOf = (word: string) => (/^\d{2}-\d{2}$/.test(word) ? `2025-${word}` : word);

/** One line of medical_claim from the words of a table: `A 111 03-01..03-05 at F2 to 02 dx I5020,E119:N proc 0SRC0J9`. Bill `pro` is a professional claim. */
export function medicalLine(person: string, claim: string): Given[string][number] {
	const [id, bill, span, ...more] = claim.split(' ') as [string, string, string, ...string[]];
	const say = said(more);
	const [from, to = from] = span.split('..').map(dayOf) as [string, string?];
	const to_ = orNone(say.to, '01');
	const isStay = /^(11|18|21|41)/.test(bill);
	const dated = isStay && say.undated === undefined;
	const diagnoses = (say.dx ?? 'I5020').split(',').map((one) => one.split(':') as [string, string?]);
	return {
		claim_id: `${person}-${id}`,
		claim_line_number: say.line ?? 1,
		claim_status: say.status ?? 'paid',
		claim_type: bill === 'pro' ? 'professional' : 'institutional',
		person_id: person,
		claim_start_date: from,
		claim_end_date: to,
		claim_line_start_date: say.day ? dayOf(say.day) : null,
		claim_line_end_date: say.day ? dayOf(say.day) : null,
		admission_date: dated ? (say.admitted ? dayOf(say.admitted) : from) : null,
		discharge_date: dated && to_ !== '30' && bill[2] !== '2' && bill[2] !== '3' ? to : null,
		discharge_disposition_code: isStay ? to_ : null,
		admit_source_code: isStay ? (say.source ?? '1') : null,
		bill_type_code: bill === 'pro' ? null : bill,
		facility_npi: bill === 'pro' ? null : orNone(say.at, 'F1'),
		rendering_npi: bill === 'pro' ? 'D1' : null,
		drg_code: say.drg ?? null,
		revenue_center_code: say.ward ?? (isStay ? '0120' : null),
		hcpcs_code: say.hcpcs ?? null,
		place_of_service_code: say.pos ?? null,
		diagnosis_code_type: say.icd === '9' ? 'icd-9-cm' : 'icd-10-cm',
		...Object.fromEntries(diagnoses.map(([code], at) => [`diagnosis_code_${at + 1}`, code === 'none' ? null : code])),
		...Object.fromEntries(diagnoses.map(([, present], at) => [`diagnosis_poa_${at + 1}`, present ?? null])),
		procedure_code_type: say.proc ? (say.icd === '9' ? 'icd-9-pcs' : 'icd-10-pcs') : null,
		procedure_code_1: say.proc ?? null,
		original_claim_id: say.of ? `${person}-${say.of}` : null,
		paid_amount: say.paid ?? '100',
		data_source: say.from ?? 'plan'
	};
}

/** The rows of a Markdown table under a heading, as their cells. */
export function tableUnder(text: string, heading: string): string[][] {
	const part = heading ? text.split(`## ${heading}\n`)[1]!.split('\n## ')[0]! : text;
	return part
		.split('\n')
		.filter((line) => line.startsWith('|') && !/^\| (Case|---)/.test(line))
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim())
		);
}

export const parts = (cell: string): string[] =>
	cell
		.split(';')
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** A roster row from the words of a table: `covered 01-01..06-30`, `born 1950-01-01`, `died 03-05`, `hospice 02-01`, `no medical`, `no pharmacy`; the whole year unless said. */
export function rosterRows(person: string, about: string[]): Given[string] {
	const after = (word: string) => about.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1);
	if (about.includes('no roster')) return [];
	const spans = about.filter((part) => part.startsWith('covered ')).map((part) => part.slice(8).split('..').map(dayOf));
	return (spans.length ? spans : [['2025-01-01', '2025-12-31']]).map(([from, to]) => ({
		person_id: person,
		birth_date: after('born') ?? '1950-06-15',
		death_date: after('died') ? dayOf(after('died')!) : null,
		enrollment_start_date: from!,
		enrollment_end_date: to!,
		medical_coverage: about.includes('no medical') ? false : null,
		pharmacy_coverage: about.includes('no pharmacy') ? false : null,
		hospice_start_date: after('hospice') ? dayOf(after('hospice')!) : null
	}));
}

/** A fill from the words of a table: `warfarin 01-05 30`. */
export function fillRow(
	person: string,
	fill: string,
	at: number,
	ndc: (ingredient: string) => string
): Given[string][number] {
	const [ingredient, on, days] = fill.split(/ (?=\d)/) as [string, string, string];
	return {
		claim_id: `${person}-f${at}`,
		person_id: person,
		dispensing_date: dayOf(on),
		days_supply: days,
		ndc_code: ndc(ingredient)
	};
}
