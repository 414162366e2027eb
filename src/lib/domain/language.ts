const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** A language as people read it: "es" and "spa" read "Spanish"; anything that is no language code stays as it is. */
export function languageName(given: string): string {
	if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(given)) return given;
	return names.of(given) ?? given;
}
