/** The vault put together: the session, and every capability over its context. Keys stay in here. */
import { activityApi } from './activityApi.ts';
import { KDF_POLICY } from './argon.ts';
import { disputesApi } from './disputesApi.ts';
import { draftsApi } from './draftsApi.ts';
import { evidenceApi, type FilesLineHolder } from './evidenceApi.ts';
import { exceptionsApi } from './exceptionsApi.ts';
import { exchangeCrypto } from './exchangeCrypto.ts';
import { exportsApi } from './exportsApi.ts';
import { feedApi } from './feedApi.ts';
import { findingsApi } from './findingsApi.ts';
import { integrityApi } from './integrityApi.ts';
import { loadStored } from './loadedEvidence.ts';
import { ordersApi } from './ordersApi.ts';
import { packsApi } from './packsApi.ts';
import { papersLinkApi } from './papersLink.ts';
import { workerIntakePorts } from './portIntake.ts';
import { proceduresApi } from './proceduresApi.ts';
import { reconciliationApi } from './reconciliationApi.ts';
import { syncApi } from './syncApi.ts';
import { type VaultDeps, vaultCore } from './vaultCore.ts';
import { workbookApi } from './workbookApi.ts';

/** The whole vault, as the window calls it. */
export async function createVault(deps: VaultDeps) {
	const intake = workerIntakePorts();
	const { context, session, members, jobs } = await vaultCore(deps, async ({ job }, engagement) => {
		// Where the evidence does not load, the engagement opens without it, and the job says why.
		await job('Loading the evidence', async (control) => loadStored(engagement, await intake, control));
	});
	const line: FilesLineHolder = { current: null };
	return {
		session,
		members,
		jobs,
		evidence: evidenceApi(context, intake, line),
		feed: feedApi(context, intake, { port: () => line.current }),
		orders: ordersApi(context),
		workbook: workbookApi(context),
		drafts: draftsApi(context),
		exceptions: exceptionsApi(context),
		exports: exportsApi(context),
		findings: findingsApi(context),
		activity: activityApi(context),
		procedures: proceduresApi(context, intake),
		integrity: integrityApi(context, intake),
		reconciliation: reconciliationApi(context),
		disputes: disputesApi(context),
		packs: packsApi(context, intake),
		papers: papersLinkApi(context, { port: () => line.current }),
		sync: syncApi(context, exchangeCrypto(deps.kdf ?? KDF_POLICY)),
	};
}

export type Vault = Awaited<ReturnType<typeof createVault>>;
