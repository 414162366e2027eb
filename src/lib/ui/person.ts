import type { Column } from './column';

/** A row about one person, as the panels of patients give it. */
export type PersonRow = {
	pid: string;
	first_name?: string | null;
	last_name?: string | null;
	phone?: string | null;
	do_not_contact?: boolean | null;
};

/** The columns that say who a row is about: the opaque id, and where identifiers are shown the name, with `phone` the telephone number too. PersonCell draws them. */
export const personColumns = (named: boolean, phone: 'phone' | 'no phone'): Column[] => [
	{ key: 'pid', label: 'Patient', kind: 'custom', whole: true, sort: 'patient' },
	...(named ? [{ key: 'name', label: 'Name', kind: 'custom', whole: true } as const] : []),
	...(named && phone === 'phone' ? [{ key: 'phone', label: 'Phone', kind: 'custom', whole: true } as const] : [])
];

/** True of the columns that personColumns makes. */
export const isOfPerson = (column: Column): boolean => ['pid', 'name', 'phone'].includes(column.key);
