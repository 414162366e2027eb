/** Keeps a field as it stands, when that is not what the server wrote; gives what puts it back so. */
function kept(field: Element): (() => void) | null {
	if (field instanceof HTMLSelectElement) {
		const { selectedIndex } = field;
		const isChosen = [...field.options].some((option) => option.selected !== option.defaultSelected);
		return isChosen ? () => (field.selectedIndex = selectedIndex) : null;
	}
	if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)) {
		const { checked } = field;
		return checked === field.defaultChecked ? null : () => (field.checked = checked);
	}
	if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
		const { value } = field;
		return value === field.defaultValue ? null : () => (field.value = value);
	}
	return null;
}

/**
 * Keeps what was typed, chosen and ticked before the page's script came, because hydration writes into every field what the server wrote;
 * gives what puts it back afterwards.
 */
export function keepTyped(): () => void {
	const fields = [...document.querySelectorAll('input, select, textarea')].map(kept);
	return () => fields.forEach((putBack) => putBack?.());
}
