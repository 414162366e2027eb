import { expect, it } from 'vitest';
import { mayOpenAddress } from '$lib/domain/need';
import type { Ability } from '$lib/domain/role';

it.each<[string, Ability[], boolean]>([
	['/help', [], true],
	['/login?next=/', [], true],
	['/adherence/pdc_statins?tab=trend#rows', ['see_totals'], true],
	['/adherence/pdc_statins', ['see_patients'], false],
	['/export/patients?status=lost', ['export_totals'], false],
	['/export/patients?status=lost', ['export_rows'], true],
	['/nowhere', ['see_totals', 'see_patients'], false]
])('%s opens for who may %j: %s', (href, abilities, opens) => {
	expect(mayOpenAddress(href, (ability) => abilities.includes(ability))).toBe(opens);
});
