import { holdCases, type Case } from './recommendation_case';

const cases: Case[] = [
	// start
	{
		name: 'start: filled on the sixtieth day',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 07-31 30'],
		expected: ['yes', 'F1', '2025-07-31']
	},
	{
		name: 'start: filled on the sixty-first day',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 08-01 30'],
		expected: ['no', null, null]
	},
	{
		name: 'start: filled on the day of the answer',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 06-01 30'],
		expected: ['yes', 'F1', '2025-06-01']
	},
	{
		name: 'start: filled the day before the answer only',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['atorvastatin 10 05-31 30'],
		expected: ['no']
	},
	{
		name: 'start: no day of an answer, so from identification',
		action: 'start',
		proposed: 'atorvastatin',
		answered: null,
		identified: '05-01',
		fills: ['atorvastatin 10 06-30 30'],
		expected: ['yes', 'F1', '2025-06-30']
	},
	{
		name: 'start: a product that holds the ingredient among others',
		action: 'start',
		proposed: 'atorvastatin',
		fills: ['amlodipine+atorvastatin 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'start: a combination proposed, one ingredient filled',
		action: 'start',
		proposed: 'amlodipine;atorvastatin',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'start: a combination proposed and filled, however it is written',
		action: 'start',
		proposed: 'Atorvastatin + Amlodipine',
		fills: ['amlodipine+atorvastatin 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'start: window and run-out end on the as-of day',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '10-02',
		expected: ['no']
	},
	{
		name: 'start: the run-out ends a day later',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '10-03',
		expected: ['too_early']
	},
	{
		name: 'start: seen early, so yes',
		action: 'start',
		proposed: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 10 12-03 30'],
		expected: ['yes', 'F1', '2025-12-03']
	},
	{
		name: 'start: nobody says what',
		action: 'start',
		expected: ['not_checkable']
	},
	{
		name: 'start: an ingredient that the drug tables do not know',
		action: 'start',
		proposed: 'wonderstatin',
		expected: ['not_checkable']
	},
	// change_drug
	{
		name: 'change: the new ingredient is filled',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		fills: ['lisinopril 10 05-01 30', 'apixaban 06-15 30'],
		expected: ['yes', 'F2', '2025-06-15']
	},
	{
		name: 'change: the old one goes on',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		fills: ['lisinopril 10 05-01 30', 'lisinopril 10 06-01 30'],
		expected: ['no']
	},
	{
		name: 'change: too early',
		action: 'change_drug',
		about: 'lisinopril',
		proposed: 'apixaban',
		answered: '12-01',
		expected: ['too_early']
	},
	{ name: 'change: to what is not said', action: 'change_drug', about: 'lisinopril', expected: ['not_checkable'] },
	// stop
	{
		name: 'stop: on hand until 14 June, no fill through 13 August',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 08-14 30'],
		expected: ['yes', null, null]
	},
	{
		name: 'stop: filled again on 13 August',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 08-13 30'],
		expected: ['no', 'F2', '2025-08-13']
	},
	{
		name: 'stop: filled on the day of the answer',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-16 30', 'omeprazole 06-01 30'],
		expected: ['no', 'F2', '2025-06-01']
	},
	{
		name: 'stop: two early refills carry supply to 29 July, so the window ends on 27 September',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole 05-11 30', 'omeprazole 05-21 30', 'omeprazole 09-27 30'],
		expected: ['no', 'F4', '2025-09-27']
	},
	{
		name: 'stop: a day after that window',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole 05-11 30', 'omeprazole 05-21 30', 'omeprazole 09-28 30'],
		expected: ['yes']
	},
	{
		name: 'stop: nothing on hand any more, so sixty days from the answer',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 01-01 30', 'omeprazole 08-01 30'],
		expected: ['yes']
	},
	{
		name: 'stop: supply on hand to 1 October, window to 30 November, run-out to 30 December',
		action: 'stop',
		about: 'omeprazole',
		answered: '09-20',
		fills: ['omeprazole 09-02 30'],
		expected: ['yes']
	},
	{
		name: 'stop: two days more on hand, too early',
		action: 'stop',
		about: 'omeprazole',
		answered: '09-20',
		fills: ['omeprazole 09-04 30'],
		expected: ['too_early']
	},
	{
		name: 'stop: nothing on hand any more, and the sixty days are not over',
		action: 'stop',
		about: 'omeprazole',
		answered: '11-01',
		fills: ['omeprazole 08-01 30'],
		expected: ['too_early']
	},
	{ name: 'stop: never seen in claims', action: 'stop', about: 'omeprazole', expected: ['not_checkable'] },
	{
		name: 'stop: last seen over a year before',
		action: 'stop',
		about: 'omeprazole',
		fills: ['omeprazole 2024-05-31 30'],
		expected: ['not_checkable']
	},
	// doses
	{
		name: 'more: a stronger tablet',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30'],
		expected: ['yes', 'F2', '2025-06-20']
	},
	{
		name: 'more: on the day of the answer',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-01 30'],
		expected: ['yes', 'F2', '2025-06-01']
	},
	{
		name: 'more: two tablets a day',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 10 06-20 30 60'],
		expected: ['yes', 'F2']
	},
	{
		name: 'more: a stronger tablet, half of it a day',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30 15'],
		expected: ['no']
	},
	{
		name: 'more: went down',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 20 05-01 30', 'atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'more: too early',
		action: 'increase_dose',
		about: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 10 11-20 30', 'atorvastatin 10 12-20 30'],
		expected: ['too_early']
	},
	{
		name: 'more: nothing before to compare with',
		action: 'increase_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 20 06-20 30'],
		expected: ['not_checkable']
	},
	{
		name: 'less: a weaker tablet',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30', 'atorvastatin 20 06-20 90'],
		expected: ['yes', 'F2']
	},
	{
		name: 'less: the same',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30', 'atorvastatin 40 06-20 90'],
		expected: ['no']
	},
	{
		name: 'less: too early',
		action: 'decrease_dose',
		about: 'atorvastatin',
		answered: '12-01',
		fills: ['atorvastatin 40 11-20 30'],
		expected: ['too_early']
	},
	{
		name: 'less: the fill before says no quantity',
		action: 'decrease_dose',
		about: 'atorvastatin',
		fills: ['atorvastatin 40 05-01 30 none', 'atorvastatin 20 06-20 30'],
		expected: ['not_checkable']
	}
];
holdCases(cases, ['start', 'change_drug', 'stop', 'increase_dose', 'decrease_dose']);
