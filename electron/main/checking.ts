/** Checks somebody's pack as `tieout check` does, trusting nothing in it. */
import { parseVerifierKey, type VerifierKey } from '#evidence';
import { IPC_LIMITS, type IpcAnswer, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import { type CheckOptions, checkPackEvidence, inspectPack, worstVerdict } from '#pack';
import { nodeVerifyPorts } from '../services/checkPorts.ts';
import { replayPack } from '../services/replayPack.ts';
import { parseTrustFile } from '../services/trustFile.ts';
import type { BlobStore } from './blobs.ts';
import type { Handlers, MainContext } from './context.ts';
import type { FileStore } from './files.ts';
import { sourceBytes } from './signing.ts';

const MAX_TRUST_FILE_BYTES = 64 * 1024 * 1024;

export function checkingHandlers(context: MainContext, stores: { files: FileStore; blobs: BlobStore }): Handlers<'check.pack'> {
	return {
		'check.pack': async ({ source, trustedKeys, trustFileToken, replay }) => {
			const keys = keysOf(trustedKeys);
			if (!keys.ok) return keys;
			const trust = await trustOf(stores.files, trustFileToken);
			if (!trust.ok) return trust;
			const bytes = await sourceBytes(stores, source);
			if (!bytes.ok) return bytes;
			const { report, files, manifest } = await inspectPack(bytes.value, {
				ports: nodeVerifyPorts,
				...trust.value,
				checkEvidence: (found, stated) => checkPackEvidence(found, stated, keys.value),
			});
			let whole: object = report;
			if (replay && manifest) {
				const replayed = await replayPack(files, manifest, {
					onProgress: (phase, done, total, unit) => context.tell('progress', { job: 'check', phase, done, total, unit }),
				});
				const codes = [...report.codes, ...replayed.codes];
				whole = { ...report, codes, verdict: worstVerdict(codes), replay: replayed.replay };
			}
			const reportJson = JSON.stringify(whole, null, '\t');
			if (reportJson.length <= IPC_LIMITS.reportChars) return ok({ reportJson });
			return err(ipcError('too_many', 'The report of this pack is larger than the window takes. Check it with `tieout check --json`.'));
		},
	};
}

function keysOf(texts: readonly string[]): IpcAnswer<VerifierKey[]> {
	const keys: VerifierKey[] = [];
	for (const text of texts) {
		const key = parseVerifierKey(text);
		if (!key.ok) return err(ipcError('invalid_request', 'A log key can’t be read. A key looks like name+hash+key.'));
		keys.push(key.value);
	}
	return ok(keys);
}

async function trustOf(files: FileStore, token: string | null): Promise<IpcAnswer<Pick<CheckOptions, 'caRoots' | 'revocations'>>> {
	if (token === null) return ok({});
	const bytes = await files.readWhole(token, MAX_TRUST_FILE_BYTES);
	if (!bytes.ok) return bytes;
	const parsed = parseTrustFile(bytes.value);
	if (!parsed.ok) return err(ipcError('unreadable_file', parsed.error));
	return ok({ caRoots: parsed.value.roots, revocations: parsed.value.revocations });
}
