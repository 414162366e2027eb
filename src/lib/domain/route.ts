// The first line that matches decides: "Metered Dose Nasal Spray" is nasal, though inhalers are metered too.
const byForm: [RegExp, string][] = [
	[/ophthalmic|intraocular/, 'ophthalmic'],
	[/nasal/, 'nasal'],
	[/otic/, 'otic'],
	[/vaginal/, 'vaginal'],
	[/rectal|suppository|enema/, 'rectal'],
	[/sublingual|buccal/, 'sublingual'],
	[/inhal|aerosol|^powder, metered/, 'inhalation'],
	[/inject|syringe|vial|cartridge|ampule|^pen\b/, 'injection'],
	[/topical|transdermal|cream|ointment|lotion|patch|shampoo|swab/, 'topical'],
	[/tablet|capsule|oral|lozenge|syrup|elixir|gum, chewing/, 'oral']
];

const byRoute: [RegExp, string][] = [
	[/ophthalmic|intraocular|intravitreal|conjunctival/, 'ophthalmic'],
	[/nasal/, 'nasal'],
	[/otic/, 'otic'],
	[/vaginal/, 'vaginal'],
	[/rectal/, 'rectal'],
	[/sublingual|buccal/, 'sublingual'],
	[/inhalation|endotracheal/, 'inhalation'],
	[/^oral$|nasogastric|^enteral$/, 'oral'],
	[/topical|transdermal|^cutaneous$/, 'topical'],
	[/^(intra|sub|epidural|infiltration|peri|percutaneous|parenteral)/, 'injection']
];

/**
 * How a product is given, in a few words parted by "; " (oral, injection, inhalation, topical, ...), from the route its source
 * states, else from a dosage form that leaves no doubt; null when neither says.
 */
export function routeOf(route: string | null, form: string | null): string | null {
	const stated = (route ?? '')
		.toLowerCase()
		.split(';')
		.map((each) => each.trim())
		.filter((each) => each !== '');
	const known = stated.flatMap((each) => byRoute.find(([pattern]) => pattern.test(each))?.[1] ?? []);
	if (known.length > 0) return [...new Set(known)].sort().join('; ');
	const kind = (form ?? '').toLowerCase();
	return byForm.find(([pattern]) => pattern.test(kind))?.[1] ?? (stated.join('; ') || null);
}
