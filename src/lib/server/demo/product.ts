import text from '../../../../data/demo/product.csv?raw';
import type { Chance } from './random';

/** One product that the demo dispenses: a real NDC, in a line of treatment. */
export type Product = {
	/** Its place in the file. */
	number: number;
	ndc: string;
	line: string;
	ingredients: string;
	strength: string;
	brandName: string;
	isBrand: boolean;
	unitsPerDay: number;
	/** Dollars a unit. */
	unitPrice: number;
	share: number;
};

/** All products of data/demo/product.csv. */
export const products: readonly Product[] = text
	.trim()
	.split('\n')
	.slice(1)
	.map((row, number) => {
		const [ndc, line, ingredients, strength, brandName, isBrand, unitsPerDay, unitPrice, share] = row.split(',');
		return {
			number,
			ndc: ndc!,
			line: line!,
			ingredients: ingredients!,
			strength: strength!,
			brandName: brandName!,
			isBrand: isBrand === '1',
			unitsPerDay: Number(unitsPerDay),
			unitPrice: Number(unitPrice),
			share: Number(share)
		};
	});

const byLine = new Map<string, Product[]>();
for (const product of products) {
	const list = byLine.get(product.line);
	if (list) list.push(product);
	else byLine.set(product.line, [product]);
}

/** The products of a line; throws for a line that data/demo/product.csv does not have. */
export function productsOf(line: string): readonly Product[] {
	const list = byLine.get(line);
	if (!list) throw new Error(`data/demo/product.csv has no line ${line}`);
	return list;
}

/** A product of a line by its share, other than those of `not`'s ingredients. */
export function pickProduct(draw: Chance, line: string, not?: Product): Product {
	const list = productsOf(line).filter((product) => !not || product.ingredients !== not.ingredients);
	return list.length === 0 ? not! : draw.weighted(list, (product) => product.share);
}

/** The next strength up (or down) of the same ingredients, if there is one. */
export function stepDose(product: Product, up: boolean): Product | undefined {
	const dose = (one: Product) => Number.parseFloat(one.strength) * one.unitsPerDay;
	const other = productsOf(product.line)
		.filter((one) => one.ingredients === product.ingredients && one.isBrand === product.isBrand)
		.filter((one) => (up ? dose(one) > dose(product) : dose(one) < dose(product)))
		.sort((one, two) => dose(one) - dose(two));
	return up ? other[0] : other[other.length - 1];
}
