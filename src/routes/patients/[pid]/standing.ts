import { day, excludedWords, percent, plural, shortDay } from '$lib/domain/wording';
import type { MeasurePanel } from './+page.server';

/** The finding of one measure in half a sentence, such as "statin ran out 1 Sep, 29 days late". */
export function finding(panel: MeasurePanel): string {
	const drug = panel.drugWord;
	const supply = panel.days_late
		? `${drug} ran out ${shortDay(panel.runs_out_on)}, ${plural(panel.days_late, 'day')} late`
		: `${drug} ${drug.endsWith('s') ? 'run' : 'runs'} out ${day(panel.runs_out_on)}`;
	switch (panel.status) {
		case 'excluded':
			return `not counted for ${panel.short}: ${reason(panel)}`;
		case 'not_yet_in_measure':
			return `${supply}; not yet in the measure`;
		case 'secured':
			return `${drug} secured for ${panel.year}`;
		case 'lost':
			return `${supply}; 80% is out of reach for ${panel.year}`.replace('80%', `${panel.threshold}%`);
		default:
			return supply;
	}
}

/** Why a patient is left out, in words that go on in a sentence. */
export function reason(panel: MeasurePanel): string {
	const words = excludedWords[panel.excluded_because ?? ''] ?? panel.excluded_because ?? 'not known';
	return words.charAt(0).toLowerCase() + words.slice(1);
}

/** What would bring the patient to the measure's line: a sentence in bold, and what follows from it. */
export function whatWouldHelp(panel: MeasurePanel): { lead: string; rest: string } {
	const line = `${panel.threshold}%`;
	const outcomes = panel.whatIf?.outcomes ?? [];
	const [short, long] = outcomes;
	switch (panel.status) {
		case 'excluded':
			return { lead: 'Not counted in this measure.', rest: `Reason: ${reason(panel)}.` };
		case 'secured':
			return {
				lead: `${line} is certain.`,
				rest: `Supply dispensed so far already covers ${percent(panel.whatIf?.pdc_without_a_fill)} of the whole period.`
			};
		case 'lost':
			return {
				lead: `${line} cannot be reached in ${panel.year}.`,
				rest: `Best possible is ${percent(panel.best_possible_pdc)}. The patient may still need the medicine.`
			};
		case 'not_yet_in_measure':
			return {
				lead: 'A later fill could bring the patient into the measure.',
				rest: `So far: ${plural(panel.fills, 'fill')}, the first on ${day(panel.index_date)}.`
			};
	}
	const parts: string[] = [];
	if (short && long)
		parts.push(
			`With nothing after it, one ${short.days_supply}-day fill ${panel.minIngredients > 1 ? 'of each medicine ' : ''}on ${shortDay(short.fill_on)} would end the period at ` +
				`${percent(short.pdc_at_end)}${short.reaches ? ', enough by itself' : ''}; a ${long.days_supply}-day fill at ` +
				`${percent(long.pdc_at_end)}${long.reaches ? ', enough by itself' : ''}.`
		);
	if (panel.whatIf?.needed_days)
		parts.push(`${plural(panel.whatIf.needed_days, 'more covered day')} needed before ${line} is certain.`);
	return panel.last_impactable_on
		? {
				lead: `A fill by ${shortDay(panel.last_impactable_on)} still counts`,
				rest: `if every refill after it is on time. ${parts.join(' ')}`
			}
		: { lead: `${line} is still possible.`, rest: parts.join(' ') };
}
