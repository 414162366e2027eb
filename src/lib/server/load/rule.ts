import { intakeTable } from './table';

export type Severity = 'stops' | 'rejects' | 'warns';

/** What each rule says of a row; {column} stands for the column it is about. */
const sentences: Record<string, { severity: Severity; says: string; effect: string }> = {
	missing: { severity: 'rejects', says: '{column} is missing', effect: 'The row cannot be used.' },
	unreadable_date: {
		severity: 'rejects',
		says: '{column} is not a day written YYYY-MM-DD',
		effect: 'The row cannot be used.'
	},
	unreadable_time: { severity: 'rejects', says: '{column} is not a time', effect: 'The row cannot be used.' },
	not_a_number: { severity: 'rejects', says: '{column} is not a number', effect: 'The row cannot be used.' },
	not_a_whole_number: {
		severity: 'rejects',
		says: '{column} is not a whole number',
		effect: 'The row cannot be used.'
	},
	not_yes_or_no: { severity: 'rejects', says: '{column} is neither yes nor no', effect: 'The row cannot be used.' },
	days_supply_out_of_range: {
		severity: 'rejects',
		says: '{column} is below 1 or above 366',
		effect: 'The fill covers no day: its patients lose days.'
	},
	malformed_ndc: {
		severity: 'rejects',
		says: '{column} does not have 9 to 11 digits after dashes go',
		effect: 'The drug cannot be known: its patients lose days.'
	},
	unknown_status: {
		severity: 'rejects',
		says: '{column} is none of: {codes}',
		effect: 'It cannot be known whether the row counts. Map the word with --mapping.'
	},
	end_before_start: { severity: 'rejects', says: '{column} is before its start', effect: 'The span holds no day.' },
	before_birth: {
		severity: 'rejects',
		says: '{column} is before the person was born',
		effect: 'The row belongs to somebody else, or the birth date is wrong.'
	},
	unknown_person: {
		severity: 'rejects',
		says: 'the patient of the care plan is on no roster by an identifier and birth date',
		effect: 'The row can be given to nobody. Load the roster first, or name the identifier system with --mapping.'
	},
	several_persons: {
		severity: 'rejects',
		says: 'the identifiers of the care plan are of several persons',
		effect: 'The row can be given to nobody. Name the identifier system with --mapping.'
	},
	other_birth_date: {
		severity: 'rejects',
		says: 'the roster has an identifier of the care plan with another birth date',
		effect: 'The row belongs to somebody else, or one birth date is wrong.'
	},
	too_many_fields: { severity: 'rejects', says: 'too many fields', effect: 'The row cannot be read.' },
	too_few_fields: { severity: 'rejects', says: 'too few fields', effect: 'The row cannot be read.' },
	broken_quote: {
		severity: 'rejects',
		says: 'a quote is opened or closed in the wrong place',
		effect: 'The row cannot be read.'
	},
	bad_encoding: { severity: 'rejects', says: 'the text is not UTF-8', effect: 'The row cannot be read.' },
	record_too_long: {
		severity: 'rejects',
		says: 'the record is longer than 1.9 million bytes',
		effect: 'The row cannot be read.'
	},
	broken_json: { severity: 'rejects', says: 'the line is not a JSON object', effect: 'The row cannot be read.' },

	after_today: {
		severity: 'warns',
		says: '{column} is after today',
		effect: 'The row counts only once its day has come.'
	},
	after_death: { severity: 'warns', says: '{column} is after the person died', effect: 'The row covers no day.' },
	after_coverage: {
		severity: 'warns',
		says: '{column} is after the last covered day',
		effect: 'Fills outside enrolment do not count.'
	},
	id_of_several: {
		severity: 'warns',
		says: '{column} is that of rows of other persons too',
		effect: 'Of each only the last row counts: ask the sender for ids that no two patients share.'
	},
	unmapped_ndc: {
		severity: 'warns',
		says: '{column} is in no drug table',
		effect:
			'The fill belongs to no drug class: its patients may lose days. Import a drug list with "mtm reference import".'
	},
	quantity_days: {
		severity: 'warns',
		says: 'quantity and days_supply do not fit each other',
		effect: 'The days covered may be wrong.'
	},
	check_digit: { severity: 'warns', says: '{column} fails the check digit', effect: 'A name may not be found for it.' },
	unknown_code: {
		severity: 'warns',
		says: '{column} holds a word that is none of: {codes}',
		effect: 'It is kept as it is and counted nowhere by that word.'
	},
	reversal_without_original: {
		severity: 'warns',
		says: 'a reversed row cancels no row loaded so far',
		effect: 'It has no effect until its claim is loaded.'
	},
	few_rows: {
		severity: 'warns',
		says: 'about half as many rows as usual, or fewer',
		effect: 'The newest month may be incomplete.'
	},
	name_in_note: {
		severity: 'warns',
		says: '{column} may hold names of patients',
		effect: 'Notes are shown to those who may see patients.'
	}
};

/** A rule's words for one column of one table: what is wrong and what it does to results. */
export function ruleSentence(
	table: string,
	column: string | null,
	code: string
): { sentence: string; effect: string; severity: Severity } {
	const rule = sentences[code];
	if (!rule) throw new Error(`there is no load rule ${code}`);
	const codes = column ? (intakeTable(table).columns.find((each) => each.name === column)?.codes ?? []) : [];
	return {
		sentence: rule.says.replace('{column}', column ?? 'the row').replace('{codes}', codes.join(', ')),
		effect: rule.effect,
		severity: rule.severity
	};
}
