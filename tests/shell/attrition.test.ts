import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPopulation } from '$lib/domain/population';
import { everyone } from '$lib/domain/scope';
import { refresh } from '$lib/server/build/refresh';
import { openHome } from '$lib/server/home';
import { load } from '$lib/server/load/load';
import { ask } from '$lib/server/warehouse';
import { emptyFolder } from '../known/shell';

test("a measure's attrition has a step for its own exclusion drug: warfarin beside apixaban", async () => {
	const folder = emptyFolder();
	const home = openHome(join(folder, 'home'));
	mkdirSync(join(folder, 'vendor'));
	writeFileSync(
		join(folder, 'vendor', 'eligibility.csv'),
		`person_id,birth_date,enrollment_start_date,enrollment_end_date
a,1950-01-01,2025-01-01,2025-12-31
b,1950-01-01,2025-01-01,2025-12-31
`
	);
	writeFileSync(
		join(folder, 'vendor', 'pharmacy_claim.csv'),
		`claim_id,person_id,dispensing_date,ndc_code,days_supply
1,a,2025-01-01,00003089321,30
2,a,2025-02-01,00003089321,30
3,b,2025-01-01,00003089321,30
4,b,2025-02-01,00003089321,30
5,b,2025-03-01,00056016801,30
`
	);
	await load(home, [join(folder, 'vendor')]);
	await refresh(home, { asOf: '2025-12-31' });
	const { population } = readPopulation(new URLSearchParams());
	const of = { measure: 'pdc_doac', year: 2025, population };
	const steps = await ask<{ excluded_because: string | null; patients: number; remaining: number }>(
		home,
		'attrition',
		of,
		everyone
	);
	const [headline] = await ask<{ denominator: number }>(home, 'headline', of, everyone);
	expect(steps.filter((step) => step.patients).map((step) => [step.excluded_because, step.patients])).toEqual([
		['other_anticoagulant', 1]
	]);
	expect([steps[0]!.remaining, steps.at(-1)!.remaining, headline!.denominator]).toEqual([2, 1, 1]);
});

test('a measure for people of 40 and over has a step for the younger', async () => {
	const folder = emptyFolder();
	const home = openHome(join(folder, 'home'));
	mkdirSync(join(folder, 'vendor'));
	writeFileSync(
		join(folder, 'vendor', 'eligibility.csv'),
		`person_id,birth_date,enrollment_start_date,enrollment_end_date
forty,1985-01-01,2025-01-01,2025-12-31
nearly,1985-01-02,2025-01-01,2025-12-31
`
	);
	writeFileSync(
		join(folder, 'vendor', 'pharmacy_claim.csv'),
		`claim_id,person_id,dispensing_date,ndc_code,days_supply
1,forty,2025-01-01,00597007541,30
2,forty,2025-02-01,00597007541,30
3,nearly,2025-01-01,00597007541,30
4,nearly,2025-02-01,00597007541,30
`
	);
	await load(home, [join(folder, 'vendor')]);
	await refresh(home, { asOf: '2025-12-31' });
	const { population } = readPopulation(new URLSearchParams());
	const of = { measure: 'pdc_copd_inhaled', year: 2025, population };
	const steps = await ask<{ excluded_because: string | null; patients: number; remaining: number }>(
		home,
		'attrition',
		of,
		everyone
	);
	expect(steps.filter((step) => step.patients).map((step) => [step.excluded_because, step.patients])).toEqual([
		['under_40', 1]
	]);
	expect([steps[0]!.remaining, steps.at(-1)!.remaining]).toEqual([2, 1]);
});
