/** The whole vault as the window calls it: the session, and every capability over its context. */
import type { CoreContext } from './engagement.ts';
import { evidenceApi } from './evidenceApi.ts';
import { loadStored } from './loadedEvidence.ts';
import { ordersApi } from './ordersApi.ts';
import { workerIntakePorts } from './portIntake.ts';
import { proceduresApi } from './proceduresApi.ts';
import { type VaultDeps, vaultCore } from './vault.ts';

export async function createVault(deps: VaultDeps) {
	const ports = workerIntakePorts();
	const core = await vaultCore(deps, async (context, engagement) => {
		await context.job('Loading the evidence', async (job) => loadStored(engagement, await ports, job));
	});
	const context = core.context as CoreContext;
	return {
		session: core.session,
		members: core.members,
		jobs: core.jobs,
		evidence: evidenceApi(context, ports),
		orders: ordersApi(context),
		procedures: proceduresApi(context, ports),
	};
}

export type WholeVault = Awaited<ReturnType<typeof createVault>>;
