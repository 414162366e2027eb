import { ingredientNames, type Names } from '$lib/domain/ingredient';
import { routeOf } from '$lib/domain/route';
import { literal, type Connection } from '$lib/server/duckdb';
import { gate } from '$lib/server/trouble';
import { parquet, type Draft } from './draft';
import { tabbed, thousands, type Given } from './given';

export const isProducts = (file: Given) => file.header.includes('productndc') && file.header.includes('substancename');
export const isPackages = (file: Given) => file.header.includes('ndcpackagecode');

/** An FDA package code with dashes as eleven digits (twelve from 2033); null when it is not one. */
function packageCode(code: string): string | null {
	const parts = /^(\d{4,6})-(\d{3,4})-(\d{1,2})$/.exec(code);
	if (!parts) return null;
	return parts[1]!.padStart(5, '0') + parts[2]!.padStart(4, '0') + parts[3]!.padStart(2, '0');
}

/** The drugs of product.txt and package.txt, one row an NDC. */
export async function directoryDraft(
	products: Given,
	packages: Given,
	connection: Connection,
	names: Names,
	scratch: string
): Promise<Draft> {
	type Product = {
		ingredients: string[];
		strength: string | null;
		form: string | null;
		route: string | null;
		brand: string | null;
		labeler: string | null;
	};
	const byId = new Map<string, Product>();
	let latest = '';
	let nameless = 0;
	let read = 0;
	const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
	for (const row of tabbed(products)) {
		read++;
		// Kits leave the substances to their parts; the generic name lists them, parted by commas.
		const substances = row.substancename || (row.nonproprietaryname ?? '').replaceAll(/, and |, | and | & /gi, ';');
		const ingredients = ingredientNames(substances, names);
		if (ingredients.length === 0) nameless++;
		const amounts = (row.active_numerator_strength ?? '').split(';').map((each) => each.trim());
		const units = (row.active_ingred_unit ?? '').split(';').map((each) => each.trim());
		const strength = amounts.map((amount, at) => `${amount} ${units[at] ?? ''}`.trim()).join('; ');
		const started = row.startmarketingdate ?? '';
		if (/^\d{8}$/.test(started) && started > latest && started <= today) latest = started;
		byId.set(row.productid || row.productndc!, {
			ingredients,
			strength: strength || null,
			form: row.dosageformname?.toLowerCase() || null,
			route: routeOf(row.routename ?? null, row.dosageformname ?? null),
			brand: [row.proprietaryname, row.proprietarynamesuffix].filter(Boolean).join(' ') || null,
			labeler: row.labelername || null
		});
	}
	const version = latest
		? `products marketed up to ${latest.slice(0, 4)}-${latest.slice(4, 6)}-${latest.slice(6)}`
		: null;
	const drugs = new Map<string, object>();
	let lost = 0;
	let unreadable = 0;
	let rows = 0;
	for (const row of tabbed(packages)) {
		rows++;
		const ndc11 = packageCode(row.ndcpackagecode!);
		const product = byId.get(row.productid || row.productndc!);
		if (!ndc11) unreadable++;
		else if (!product) lost++;
		else if (product.ingredients.length > 0)
			drugs.set(ndc11, { ndc11, ...product, source: 'FDA NDC Directory, imported' });
	}
	if (drugs.size === 0)
		throw gate(
			`${products.name} and ${packages.name} give no drug: ${thousands(read)} products, ${thousands(rows)} packages, ${thousands(lost)} packages without their product. Nothing was changed. Are both of the same day?`
		);
	const columns = {
		ndc11: 'varchar',
		ingredients: 'varchar[]',
		strength: 'varchar',
		form: 'varchar',
		route: 'varchar',
		brand: 'varchar',
		labeler: 'varchar',
		source: 'varchar'
	};
	const path = await parquet([...drugs.values()], columns, 'ndc11', 'drug', connection, scratch);
	const { fresh } = await connection.row<{ fresh: number }>(
		`select count(*) as fresh from read_parquet(${literal(path)}) as each anti join reference_drug using (ndc11)`
	);
	const notes = [
		`${thousands(read)} products and ${thousands(rows)} packages read; ${thousands(drugs.size)} NDCs kept, ${thousands(fresh)} of them new. Where both know an NDC, the imported directory counts.`
	];
	if (nameless > 0) notes.push(`${thousands(nameless)} products without any substance were left out.`);
	if (lost + unreadable > 0)
		notes.push(
			`${thousands(lost)} packages without a product and ${thousands(unreadable)} with an unreadable code were left out.`
		);
	return { parts: { drug: path }, rows: drugs.size, version, decides: [], notes };
}
