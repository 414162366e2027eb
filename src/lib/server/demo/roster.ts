import { isoOrNone, iso } from './calendar';
import type { Cell } from './files';
import type { Person } from './person';
import { chance } from './random';
import { inventName } from './world';

/** A person's rows of eligibility, one a span of coverage. */
export function eligibilityRows(one: Person): Cell[][] {
	return one.spans.map((span) => [
		one.id,
		one.memberId,
		one.sex,
		one.race,
		iso(one.birth),
		isoOrNone(one.death),
		iso(span.from),
		iso(span.to),
		span.plan.payer,
		span.plan.payerType,
		span.plan.plan,
		one.disabled ? '1' : '0',
		one.dual ? '02' : 'NA',
		span.plan.payerType === 'medicare'
			? one.conditions.has('esrd')
				? one.disabled
					? '21'
					: '11'
				: one.disabled
					? '20'
					: '10'
			: '',
		one.first,
		one.last,
		one.address,
		one.place.city,
		'MN',
		one.place.zip,
		one.phone,
		'demo',
		span.plan.payerType === 'medicare' ? `1DM${String(one.number + 10_000_000)}` : '',
		span.plan.contract,
		one.lowIncome ? 'yes' : 'no',
		span.plan.medical ? 'yes' : 'no',
		'yes',
		isoOrNone(one.hospice),
		one.hospice === null ? '' : isoOrNone(one.death),
		one.institution ? 'yes' : 'no',
		one.language,
		one.pcp
	]);
}

/** A person's row of contact. */
export function contactRow(seed: number, one: Person): Cell[] {
	const draw = chance(seed, 13, one.number);
	const caregiver = one.conditions.has('dementia') && draw.yes(0.7);
	const name = inventName(draw, 'female');
	return [
		one.id,
		one.phone,
		draw.pick(['morning', 'afternoon', 'evening', '']),
		one.language,
		one.doNotContact ? 'yes' : 'no',
		draw.yes(0.4) ? 'yes' : 'no',
		caregiver ? `${name.first} ${name.last}` : '',
		caregiver ? `555-01${String(draw.whole(0, 99)).padStart(2, '0')}` : '',
		caregiver ? 'yes' : ''
	];
}
