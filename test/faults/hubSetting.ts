/** What every hub of a fault run has in common, in whichever process it lives. */
import { type Hub, openHub } from '../../electron/hub/hub.ts';
import type { HubOptions } from '../../electron/hub/hubOptions.ts';
import { endOfDay } from '../../electron/hub/jobs/hubJobs.ts';

/** Who asks on behalf of a company and of its auditors. */
export interface Tokens {
	readonly producer: string;
	readonly auditor: string;
}

export type Setting = Pick<HubOptions, 'folder' | 'database' | 'beneath'> & {
	/** 0 takes any free one. */
	readonly port: number;
	now(): number;
};

export const openFaultHub = ({ port, ...setting }: Setting): Promise<Hub> =>
	openHub({
		...{ masterKeyFile: null, tls: null, oidc: [], isLogging: false, publicationMinAgeMs: 0 },
		...setting,
		listen: { host: '127.0.0.1', port },
		rateLimit: { burst: 1e6, perSecond: 1e6 },
	});

export async function addCompany(hub: Hub, tenant: string, log: string, at: number): Promise<Tokens> {
	await hub.addTenant({ tenant, company: `Company ${tenant}`, log, entityIds: ['E1'], createdAt: at });
	const token = (role: 'producer' | 'auditor') => hub.issueToken({ tenant, id: role, name: role, role, expiresAt: null });
	return { producer: await token('producer'), auditor: await token('auditor') };
}

export const endDay = (hub: Hub, tenant: string, now: () => number): Promise<void> => {
	const { database, log, intake, publications } = hub;
	return endOfDay({ database, log, intake, publications, now }, tenant);
};
