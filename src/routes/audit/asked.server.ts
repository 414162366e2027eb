import type { Ability } from '$lib/domain/role';
import { readAudit, type AuditAsked } from '$lib/server/audit_asked';
import { asked, type Request } from '$lib/server/door';

/** Reads the address of a page of the audit; null when nothing has been computed. */
export async function auditAsked(event: Request, ability: Ability = 'audit', pid?: string): Promise<AuditAsked | null> {
	const found = await asked(event, ability, pid);
	return found && (await readAudit(found, event.url.searchParams));
}
