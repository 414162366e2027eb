import { randomUUID } from 'node:crypto';
import type { Scope } from '$lib/domain/scope';
import type { Measure } from './catalog';
import type { Home } from './home';
import { yearTotals, type Total } from './total';
import { measures } from './warehouse';

const hl7 = 'http://terminology.hl7.org/CodeSystem';
const population = (code: 'denominator' | 'numerator', count: number) => ({
	code: { coding: [{ system: `${hl7}/measure-population`, code }] },
	count
});

/** Whether a figure is a share of people or events, or how often events happen; sums of money and means of days are no counts of a population. */
const counts = ({ unit }: Total): boolean => unit === 'proportion' || unit.startsWith('per 1,000 ');

function report(measure: Measure, total: Total, year: number, version: string, made: string) {
	const end = total.as_of < `${year}-12-31` ? total.as_of : `${year}-12-31`;
	const notation = { higher: 'increase', lower: 'decrease' }[measure.better];
	return {
		resourceType: 'MeasureReport',
		id: `${measure.id.replaceAll('_', '-')}-${year}`,
		status: 'complete',
		type: 'summary',
		measure: `urn:openmtm:measure:${measure.id}|${version}`,
		date: made,
		period: { start: `${year}-01-01`, end },
		...(notation
			? { improvementNotation: { coding: [{ system: `${hl7}/measure-improvement-notation`, code: notation }] } }
			: {}),
		group: [
			{
				code: { text: measure.title },
				...(counts(total)
					? { population: [population('denominator', total.denominator), population('numerator', total.numerator)] }
					: {}),
				...(total.rate === null
					? {}
					: {
							measureScore:
								total.unit === 'proportion'
									? { value: total.rate, system: 'http://unitsofmeasure.org', code: '1' }
									: { value: total.rate, unit: total.unit }
						})
			}
		]
	};
}

/**
 * The measures of a year as a FHIR R4 Bundle of MeasureReports of the type summary: the same numerators and denominators as the screens, from measure_result.
 * A measure without a figure, or with one that the scope's level hides, has no report. Source: HL7 FHIR R4, MeasureReport.
 */
export async function measureReports(home: Home, year: number, version: string, scope: Scope) {
	const cards = new Map((await measures(home, scope)).map((measure) => [measure.id, measure]));
	const totals = (await yearTotals(home, year, scope)).filter(({ measure }) => cards.has(measure));
	const made = new Date().toISOString();
	return {
		resourceType: 'Bundle',
		type: 'collection',
		entry: totals.map((total) => ({
			fullUrl: `urn:uuid:${randomUUID()}`,
			resource: report(cards.get(total.measure)!, total, year, version, made)
		}))
	};
}
