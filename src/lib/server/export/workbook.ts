import type { Writable } from 'node:stream';
import { dayOf } from '$lib/domain/day';
import { isDay } from '$lib/domain/population';
import type { Row } from '$lib/server/duckdb';
import { usage } from '$lib/server/trouble';
import { TooLarge, Zip } from './zip';

/** A worksheet holds 1,048,576 rows, one of which is the header. */
export const sheetRows = 1_048_575;
/** The most characters of a cell. */
const cellLength = 32_767;

/** What a workbook says about itself, in order. */
export type About = [label: string, words: string][];

const other = 'Nothing was written. Export CSV or Parquet instead.';
/** What somebody hears who wants more rows than a worksheet holds. */
export const tooManyRows = () =>
	usage(`A worksheet holds ${sheetRows.toLocaleString('en-US')} rows and this is more. ${other}`);

/** Characters that XML has no room for; Excel writes them by number. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** Text inside XML. */
const xml = (text: string) =>
	text
		.replace(/_x[0-9A-Fa-f]{4}_/g, (found) => `_x005F${found}`)
		.replace(unwritable, (found) => `_x${found.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}_`)
		.replace(/[&<>"\r]/g, (found) => entities[found]!);

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** A, B, ... Z, AA, ... by number from 0. */
export const columnLetters = (at: number): string =>
	(at >= 26 ? columnLetters(Math.floor(at / 26) - 1) : '') + String.fromCharCode(65 + (at % 26));

const styles = { plain: 0, bold: 1, day: 2, instant: 3 };

/** Excel counts days from 30 December 1899 and believes in 29 February 1900: earlier days stay text. */
const firstDay = '1900-03-01';
const serial = (iso: string) => dayOf(iso) + 25_569;

function textCell(place: string, text: string, style: number): string {
	if (text.length > cellLength)
		throw usage(`A cell of a worksheet holds ${cellLength} characters and one here has more. ${other}`);
	return `<c r="${place}"${style ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
}

/** One cell: numbers, yes and no, days and instants typed; everything else is text and never a formula. */
function cell(place: string, value: unknown): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'number' && Number.isFinite(value)) return `<c r="${place}"><v>${value}</v></c>`;
	if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${Number(value)}</v></c>`;
	if (typeof value === 'string' && value >= firstDay) {
		if (isDay(value)) return `<c r="${place}" s="${styles.day}"><v>${serial(value)}</v></c>`;
		const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)Z?$/.exec(value) ?? [];
		if (day && isDay(day)) {
			const share = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) / 86_400;
			return `<c r="${place}" s="${styles.instant}"><v>${serial(day) + share}</v></c>`;
		}
	}
	const text = Array.isArray(value)
		? value.map((item) => (item !== null && typeof item === 'object' ? JSON.stringify(item) : String(item))).join('; ')
		: typeof value === 'object'
			? JSON.stringify(value)
			: String(value);
	return textCell(place, text, styles.plain);
}

async function* sheet(
	columns: string[],
	rows: AsyncIterable<Row> | Iterable<Row>,
	widths: number[],
	counted: (rows: number) => void
): AsyncGenerator<string> {
	const letters = columns.map((_, at) => columnLetters(at));
	const cols = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
	yield `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${cols.length ? `<cols>${cols.join('')}</cols>` : ''}<sheetData><row r="1">${columns.map((column, at) => textCell(`${letters[at]}1`, column, styles.bold)).join('')}</row>`;
	let count = 0;
	let text = '';
	for await (const row of rows) {
		if (++count > sheetRows) throw tooManyRows();
		const number = count + 1;
		text += `<row r="${number}">`;
		for (let at = 0; at < columns.length; at++) text += cell(`${letters[at]}${number}`, row[columns[at]!]);
		text += '</row>';
		if (text.length > 65_536) {
			yield text;
			text = '';
		}
	}
	counted(count);
	yield `${text}</sheetData></worksheet>`;
}

/** A name that a worksheet may have. */
const sheetName = (name: string) => xml(name.replace(/[\\/?*[\]:']/g, ' ').slice(0, 31) || 'Rows');

/**
 * Writes rows as an XLSX workbook, as they come, and a sheet "About" that `about` words once the rows are counted. Returns how many rows there
 * were. More than `sheetRows` or a cell that is too long throws exit 1: nothing is ever cut.
 */
export async function writeWorkbook(
	out: Writable,
	name: string,
	columns: string[],
	rows: AsyncIterable<Row> | Iterable<Row>,
	about: (rows: number) => About
): Promise<number> {
	const zip = new Zip(out);
	let count = 0;
	try {
		await zip.add('[Content_Types].xml', [
			`${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetType}.styles+xml"/>${[1, 2].map((at) => `<Override PartName="/xl/worksheets/sheet${at}.xml" ContentType="${sheetType}.worksheet+xml"/>`).join('')}</Types>`
		]);
		await zip.add('_rels/.rels', [
			`${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`
		]);
		await zip.add('xl/workbook.xml', [
			`${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${sheetName(name)}" sheetId="1" r:id="rId1"/><sheet name="About" sheetId="2" r:id="rId2"/></sheets></workbook>`
		]);
		await zip.add('xl/_rels/workbook.xml.rels', [
			`${head}<Relationships xmlns="${packages}/relationships">${[1, 2].map((at) => `<Relationship Id="rId${at}" Type="${office}/worksheet" Target="worksheets/sheet${at}.xml"/>`).join('')}<Relationship Id="rId3" Type="${office}/styles" Target="styles.xml"/></Relationships>`
		]);
		await zip.add('xl/styles.xml', [
			`${head}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
		]);
		const widths = columns.map((column) => Math.min(30, Math.max(12, column.length + 2)));
		await zip.add(
			'xl/worksheets/sheet1.xml',
			sheet(columns, rows, widths, (rows) => (count = rows))
		);
		const said = about(count).map(([what, words]) => ({ What: what, Words: words }));
		await zip.add(
			'xl/worksheets/sheet2.xml',
			sheet(['What', 'Words'], said, [24, 100], () => {})
		);
		await zip.end();
	} catch (cause) {
		if (cause instanceof TooLarge) throw usage(`This is ${cause.message}, more than a workbook holds. ${other}`);
		throw cause;
	}
	return count;
}
