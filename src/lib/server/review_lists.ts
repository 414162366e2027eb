import { readCard } from './catalog';
import { sqlFiles, type SqlFile } from './sql';

/** A review list as its card tells it: whom it holds, by which rule, and what to do. */
export type ReviewList = {
	id: string;
	title: string;
	why: string;
	rule: string;
	action: string;
	source: string;
	limits: string;
	/** The tables without which nobody can be on it; of those of one entry any will do. */
	needs: string[][];
	sql: string;
	path: string;
};

/** Lists that come first; others follow by name. */
const order = ['adherence_at_risk', 'no_refills_left', 'first_fill_only', 'move_to_90_days', 'lost_for_year_clinical'];

/** The review lists of sql/lists about a topic (Adherence where a card names none; 'all' for every list), in the words of their cards. */
export function reviewLists(topic = 'Adherence', files: SqlFile[] = sqlFiles('lists')): ReviewList[] {
	const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
	return files
		.filter(({ text }) => topic === 'all' || (readCard(text).fields.Topic ?? 'Adherence') === topic)
		.map(({ name, path, text }) => {
			const { fields } = readCard(text);
			const words = name.replaceAll('_', ' ');
			return {
				id: name,
				title: fields.Title ?? words.charAt(0).toUpperCase() + words.slice(1),
				why: fields.Why ?? '',
				rule: fields.Rule ?? '',
				action: fields.Action ?? '',
				source: fields.Source ?? '',
				limits: fields.Limits ?? '',
				needs: (fields.Needs ?? 'pharmacy_claim').split(', ').map((tables) => tables.split(' or ')),
				sql: text,
				path
			};
		})
		.sort((a, b) => place(a.id) - place(b.id) || (a.id < b.id ? -1 : 1));
}
