import { holdCases, type Case } from './recommendation_case';

const more = { action: 'increase_dose' };
const less = { action: 'decrease_dose' };
const atorvastatin = { about: 'atorvastatin' };
const prednisolone = { about: 'prednisolone' };

// Doses by strengths that labels say in many ways, and by fills that tell none. Fills of 30 days: 150 mL are 5 mL a day.
const cases: Case[] = [
	{
		name: '5 mg/5 mL, 5 mL a day, becomes 15 mg/5 mL, 2 mL a day',
		...more,
		...prednisolone,
		fills: ['prednisolone 5/5 05-01 30 150', 'prednisolone 15/5 06-20 30 60'],
		expected: ['yes', 'F2']
	},
	{
		name: 'or a third of the volume: the same dose',
		...more,
		...prednisolone,
		fills: ['prednisolone 5/5 05-01 30 150', 'prednisolone 15/5 06-20 30 50'],
		expected: ['no']
	},
	{
		name: 'the same dose is not less either',
		...less,
		...prednisolone,
		fills: ['prednisolone 5/5 05-01 30 150', 'prednisolone 15/5 06-20 30 50'],
		expected: ['no']
	},
	{
		name: '250 mg/5 mL and 50 mg/mL are one strength',
		...less,
		about: 'gabapentin',
		fills: ['gabapentin 250/5 05-01 30 150', 'gabapentin 50/1 06-20 30 150'],
		expected: ['no']
	},
	{
		name: 'less of it',
		...less,
		about: 'gabapentin',
		fills: ['gabapentin 250/5 05-01 30 150', 'gabapentin 50/1 06-20 30 140'],
		expected: ['yes', 'F2']
	},
	{
		name: 'an inhaler of twice the strength: how many puffs it holds is no strength',
		...more,
		about: 'ciclesonide',
		fills: ['ciclesonide 80 05-01 30 6.1', 'ciclesonide 160 06-20 30 6.1'],
		expected: ['yes', 'F2']
	},
	{
		name: 'a fill of no units before tells no dose',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 04-01 30', 'atorvastatin 10 05-01 30 0', 'atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'it alone is nothing to compare with',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30 0', 'atorvastatin 10 06-20 30'],
		expected: ['not_checkable']
	},
	{
		name: 'a fill of no units is not less',
		...less,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 10 06-20 30 0'],
		expected: ['not_checkable']
	},
	{
		name: 'nor is one taken back as a row of its own',
		...less,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 10 06-20 30', 'atorvastatin 10 06-20 30 -30'],
		expected: ['not_checkable']
	},
	{
		name: 'a fill that says no quantity may be more',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30 none'],
		expected: ['not_checkable']
	},
	{
		name: 'a fill that says none, after the window',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 08-01 30 none'],
		expected: ['no']
	},
	{
		name: 'beside one that is more',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'atorvastatin 20 06-20 30 none', 'atorvastatin 20 07-20 30'],
		expected: ['yes', 'F3']
	},
	{
		name: 'a strength that the drug tables do not say',
		...more,
		about: 'rivastigmine',
		fills: ['rivastigmine 3 05-01 30', 'rivastigmine unknown 06-20 30'],
		expected: ['not_checkable']
	},
	{
		name: 'a combination is another medicine',
		...more,
		...atorvastatin,
		fills: ['atorvastatin 10 05-01 30', 'amlodipine+atorvastatin 06-20 30'],
		expected: ['no']
	},
	{
		name: 'cheaper: a fill that says no price may be',
		action: 'reduce_cost',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole unpriced 06-20 30'],
		expected: ['not_checkable']
	},
	{
		name: 'cheaper: the same price, and one without after the window',
		action: 'reduce_cost',
		about: 'omeprazole',
		fills: ['omeprazole 05-01 30', 'omeprazole 06-20 30', 'omeprazole unpriced 08-01 30'],
		expected: ['no']
	}
];
holdCases(cases, []);
