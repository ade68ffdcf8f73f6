/** The sample engagement in one step: made-up company → vault → verified → imported → tested. */
import type { Vault } from '../../app/vault.ts';
import type { Answer } from '../../vault/contract.ts';

/** Orders of the sample company: enough for every test to have something to say, few enough to open in seconds. */
const SAMPLE_ORDERS = 2000;
const SAMPLE_SEED = 7;

export async function openSampleEngagement(vault: Vault, say: (message: string) => void): Promise<Answer<void>> {
	const opened = await vault.session.openSample();
	if (!opened.ok) return opened;
	if (opened.value.hasEvidence) return vault.session.enter(opened.value.engagementId);
	say('Writing the records of the made-up company…');
	const prepared = await window.tieout.invoke('sample.prepare', { orders: SAMPLE_ORDERS, seed: SAMPLE_SEED });
	if (!prepared.ok) return { ok: false, error: { code: 'unreadable_file', message: prepared.error.message } };
	say('Verifying and importing them…');
	const imported = await vault.evidence.importDrop(prepared.value.dropToken, {
		trustedKeys: [{ vkey: prepared.value.vkey, origin: 'made with the sample' }],
	});
	if (!imported.ok) return imported;
	say('Running every test…');
	const run = await vault.procedures.run('all');
	if (!run.ok) return run;
	return vault.session.enter(opened.value.engagementId);
}
