import { expect, test } from 'vitest';
import { checkedActions, holdCases, type Case } from './recommendation_case';

const cases: Case[] = [
	// longer supply
	{
		name: 'longer: 84 days',
		action: 'extend_supply',
		about: 'lisinopril',
		fills: ['lisinopril 10 05-01 30', 'lisinopril 10 06-10 84'],
		expected: ['yes', 'F2']
	},
	{
		name: 'longer: 83 days',
		action: 'extend_supply',
		about: 'lisinopril',
		fills: ['lisinopril 10 06-10 83'],
		expected: ['no']
	},
	{
		name: 'longer: too early',
		action: 'extend_supply',
		about: 'lisinopril',
		answered: '11-01',
		fills: ['lisinopril 10 11-10 30'],
		expected: ['too_early']
	},
	{ name: 'longer: of what is not said', action: 'extend_supply', expected: ['not_checkable'] },
	// adherence
	{
		name: 'adherence: refilled on the thirtieth day',
		action: 'adherence_support',
		about: 'lisinopril',
		fills: ['lisinopril+hctz 07-01 30'],
		expected: ['yes', 'F1', '2025-07-01']
	},
	{
		name: 'adherence: refilled on the thirty-first day',
		action: 'adherence_support',
		about: 'lisinopril',
		fills: ['lisinopril 10 07-02 30'],
		expected: ['no']
	},
	{
		name: 'adherence: window and run-out end on the as-of day',
		action: 'adherence_support',
		about: 'lisinopril',
		answered: '11-01',
		expected: ['no']
	},
	{
		name: 'adherence: a day later',
		action: 'adherence_support',
		about: 'lisinopril',
		answered: '11-02',
		expected: ['too_early']
	},
	{ name: 'adherence: to what is not said', action: 'adherence_support', expected: ['not_checkable'] },
	// cost
	{
		name: 'cost: 281.75 dollars for 30 days, then 3.25',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: ['esomeprazole 05-01 30', 'omeprazole 06-20 30'],
		expected: ['yes', 'F2']
	},
	{
		name: 'cost: the new one costs as much',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'apixaban',
		fills: ['esomeprazole 05-01 30', 'apixaban 06-20 30'],
		expected: ['no']
	},
	{
		name: 'cost: too early',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		answered: '12-01',
		fills: ['esomeprazole 11-15 30'],
		expected: ['too_early']
	},
	{
		name: 'cost: nothing before to compare with',
		action: 'reduce_cost',
		about: 'esomeprazole',
		proposed: 'omeprazole',
		fills: ['omeprazole 06-20 30'],
		expected: ['not_checkable']
	},
	// monitoring
	{
		name: 'monitor: a laboratory result',
		action: 'monitor',
		about: 'warfarin',
		labs: ['34714-6 06-20'],
		expected: ['yes', null, '2025-06-20']
	},
	{
		name: 'monitor: a claim for the test',
		action: 'monitor',
		about: 'warfarin',
		procedures: ['85610 06-21'],
		expected: ['yes', 'M1', '2025-06-21']
	},
	{
		name: 'monitor: a refill is no test',
		action: 'monitor',
		about: 'warfarin',
		fills: ['warfarin 06-10 30'],
		expected: ['no']
	},
	{
		name: 'monitor: another test',
		action: 'monitor',
		about: 'warfarin',
		labs: ['4548-4 06-20'],
		expected: ['no']
	},
	{
		name: 'monitor: medical claims need three months to come in',
		action: 'monitor',
		about: 'warfarin',
		answered: '08-04',
		expected: ['too_early']
	},
	{ name: 'monitor: no test is listed for it', action: 'monitor', about: 'omeprazole', expected: ['not_checkable'] },
	{
		name: 'monitor: no medical coverage',
		action: 'monitor',
		about: 'warfarin',
		noMedicalCoverage: true,
		expected: ['not_checkable']
	},
	// immunization
	{
		name: 'immunize: a claim for the vaccine',
		action: 'immunize',
		about: 'influenza vaccine',
		procedures: ['90662 06-30'],
		expected: ['yes', 'M1', '2025-06-30']
	},
	{ name: 'immunize: none', action: 'immunize', about: 'influenza vaccine', expected: ['no'] },
	{
		name: 'immunize: too early',
		action: 'immunize',
		about: 'influenza vaccine',
		answered: '10-01',
		expected: ['too_early']
	},
	{ name: 'immunize: against what is not said', action: 'immunize', expected: ['not_checkable'] },
	...(
		[
			['zoster vaccine', 'shingrix', 'yes'],
			['zoster vaccine', 'zostavax', 'yes'],
			['zoster vaccine', 'varivax', 'no'],
			['rsv vaccine', 'arexvy', 'yes'],
			['tetanus, diphtheria and pertussis vaccine', 'boostrix', 'yes'],
			['tetanus, diphtheria and pertussis vaccine', 'tdvax', 'no'],
			['tetanus and diphtheria vaccine', 'tdvax', 'yes'],
			['tetanus and diphtheria vaccine', 'boostrix', 'yes'],
			['influenza vaccine', 'fluzone', 'yes'],
			['influenza vaccine', 'influenza homeopathic', 'no'],
			['hepatitis b vaccine', 'hepatitis b vaccine', 'yes'],
			['hepatitis b vaccine', 'hepatitis b globulin', 'no']
		] as const
	).map(([about, product, verified]): Case => ({
		name: `immunize: ${about}, and ${product} from a pharmacy`,
		action: 'immunize',
		about,
		fills: [`${product} 06-20 1`],
		expected: verified === 'yes' ? ['yes', 'F1', '2025-06-20'] : ['no', null, null]
	})),
	{
		name: 'immunize: a pharmacy may have given it, and its claims would not be seen',
		action: 'immunize',
		about: 'zoster vaccine',
		noPharmacyCoverage: true,
		expected: ['not_checkable']
	},
	{
		name: 'immunize: an office may have given it, and its claims would not be seen',
		action: 'immunize',
		about: 'zoster vaccine',
		noMedicalCoverage: true,
		expected: ['not_checkable']
	},
	{
		name: 'immunize: what is seen needs no coverage elsewhere',
		action: 'immunize',
		about: 'zoster vaccine',
		noMedicalCoverage: true,
		fills: ['shingrix 07-31 1'],
		expected: ['yes', 'F1', '2025-07-31']
	},
	{
		name: 'immunize: the day after the window',
		action: 'immunize',
		about: 'zoster vaccine',
		fills: ['shingrix 08-01 1'],
		expected: ['no']
	},
	// names
	{
		name: 'a salt is the medicine',
		action: 'start',
		proposed: 'Atorvastatin Calcium',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'a comma parts two medicines: one alone does not show both',
		action: 'start',
		proposed: 'amlodipine besylate, atorvastatin calcium',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['no']
	},
	{
		name: 'the combination does',
		action: 'start',
		proposed: 'amlodipine besylate, atorvastatin calcium',
		fills: ['amlodipine+atorvastatin 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'the medicine to stop by its salt',
		action: 'stop',
		about: 'omeprazole magnesium',
		fills: ['omeprazole 05-15 30', 'omeprazole 06-20 30'],
		expected: ['no', 'F2']
	},
	// others
	{ name: 'education leaves no claim', action: 'educate', about: 'lisinopril', expected: ['not_checkable'] },
	{ name: 'nor does another schedule', action: 'change_schedule', about: 'lisinopril', expected: ['not_checkable'] },
	{
		name: 'modified is accepted',
		action: 'start',
		proposed: 'atorvastatin',
		response: 'modified',
		fills: ['atorvastatin 10 06-20 30'],
		expected: ['yes', 'F1']
	},
	{
		name: 'declined is not verified',
		action: 'start',
		proposed: 'atorvastatin',
		response: 'declined',
		fills: ['atorvastatin 10 06-20 30'],
		expected: [null, null, null]
	}
];
const actions = ['extend_supply', 'adherence_support', 'reduce_cost', 'monitor', 'immunize'];
holdCases(cases, actions);

test('every action of the table of windows has its cases, here or beside', () => {
	expect(checkedActions.toSorted()).toEqual(
		[...actions, 'start', 'change_drug', 'stop', 'increase_dose', 'decrease_dose'].toSorted()
	);
});
