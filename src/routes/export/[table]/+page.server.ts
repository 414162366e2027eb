import { fail, redirect } from '@sveltejs/kit';
import { there } from '$lib/domain/address';
import { exportable } from '$lib/domain/exportable';
import { roleCard } from '$lib/domain/role';
import { levelWords } from '$lib/domain/scope';
import { scopeOfView } from '$lib/domain/viewer';
import { notHere, theHome } from '$lib/server/door';
import { startExport } from '$lib/server/export/job';
import { outlineOf } from '$lib/server/export/tables';
import { sheetRows } from '$lib/server/export/workbook';
import { formats, isFormat } from '$lib/server/export/write';
import { orderOf, wantedOf } from '../order.server';
import type { Actions, PageServerLoad } from './$types';

/** An export that takes longer than this goes on beside the page: MTM_EXPORT_PATIENCE milliseconds, two seconds unless set. */
const patience = Number(process.env.MTM_EXPORT_PATIENCE ?? 2000);

/** What would be exported: how many rows, which columns, how much of each person. */
export const load: PageServerLoad = async (event) => {
	const wanted = await wantedOf(event, event.params.table);
	const { name, asking, viewer } = wanted;
	const order = await orderOf(wanted, 'csv', { mark: false, described: false });
	const { columns, rows } = await outlineOf(name, asking);
	return {
		name,
		title: exportable(name).title,
		isOfPatients: exportable(name).isOfPatients ?? false,
		rows,
		columns,
		filters: order.filters,
		level: levelWords[asking.scope.phi],
		fileName: order.fileName(rows ?? 0).replace(/(_\d+)\.csv$/, rows === null ? '' : '$1'),
		formats: Object.entries(formats).map(([id, { title }]) => ({
			id,
			title,
			why: id === 'xlsx' && rows !== null && rows > sheetRows ? 'a worksheet holds 1 048 575 rows' : null
		})),
		identifiers: !exportable(name).isOfPatients
			? null
			: asking.scope.phi === 'P3'
				? ('shown' as const)
				: scopeOfView(viewer, true, event.url.searchParams.get('pid') ?? undefined).phi === 'P3'
					? ('offered' as const)
					: viewer.can('reveal') && roleCard(viewer.user.role).reveals === 'all'
						? ('closed' as const)
						: null,
		back: order.page
	};
};

export const actions: Actions = {
	default: async (event) => {
		const wanted = await wantedOf(event, event.params.table);
		const form = await event.request.formData();
		const format = String(form.get('format'));
		if (!isFormat(format)) return notHere();
		const told = { mark: form.get('bom') === 'yes', described: form.get('described') === 'yes' };
		const job = startExport(theHome(), await orderOf(wanted, format, told));
		await Promise.race([job.ended, new Promise((done) => setTimeout(done, patience))]);
		if (job.state === 'failed') return fail(job.status ?? 500, { message: job.message });
		redirect(303, job.state === 'ready' ? `/export/job/${job.id}/file` : there(event.url, `/export/job/${job.id}`));
	}
};
