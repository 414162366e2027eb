import type { Limits } from './scope';

const kinds = { pharmacies: 'pharmacy', plans: 'plan', contracts: 'contract', programs: 'MTM programme' } as const;
const many = { pharmacies: 'pharmacies', plans: 'plans', contracts: 'contracts', programs: 'MTM programmes' } as const;

/** What somebody is limited to, one phrase a limit: "contract H9001", "3 pharmacies"; none without limits. */
export const limitWords = (limits: Limits): string[] =>
	(Object.keys(kinds) as (keyof Limits)[]).flatMap((kind) => {
		const list = limits[kind];
		return list === null
			? []
			: [list.length === 1 ? `${kinds[kind]} ${list[0]}` : `${list.length || 'no'} ${many[kind]}`];
	});
