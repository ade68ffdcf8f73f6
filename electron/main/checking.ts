/** Checks somebody's pack as `tieout check` does, trusting nothing in it. */
import { createHash } from 'node:crypto';
import { parseVerifierKey, type VerifierKey } from '#evidence';
import { type AnswerOf, IPC_LIMITS, type IpcAnswer, ipcError, type RequestOf } from '#ipc';
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

export function checkingHandlers(
	context: MainContext,
	stores: { files: FileStore; blobs: BlobStore },
): Handlers<'check.pack' | 'check.cancel'> {
	const running = new Set<AbortController>();
	return {
		'check.pack': async (request) => {
			const stopping = new AbortController();
			running.add(stopping);
			try {
				return await check(context, stores, request, stopping.signal);
			} finally {
				running.delete(stopping);
			}
		},
		'check.cancel': () => {
			for (const stopping of running) stopping.abort();
			return ok({});
		},
	};
}

async function check(
	context: MainContext,
	stores: { files: FileStore; blobs: BlobStore },
	{ source, trustedKeys, trustFileToken, replay }: RequestOf<'check.pack'>,
	signal: AbortSignal,
): Promise<IpcAnswer<AnswerOf<'check.pack'>>> {
	const say = (phase: string, done = 0, total = 0, unit = ''): void => context.tell('progress', { job: 'check', phase, done, total, unit });
	const keys = keysOf(trustedKeys);
	if (!keys.ok) return keys;
	const trust = await trustOf(stores.files, trustFileToken);
	if (!trust.ok) return trust;
	const bytes = await sourceBytes(stores, source);
	if (!bytes.ok) return bytes;
	say('Verifying signatures, files and proofs');
	// Whatever follows does not answer before it is through, so the page is told first and a cancel is taken in.
	await breathe();
	if (signal.aborted) return cancelled();
	const sha256 = createHash('sha256').update(bytes.value).digest('hex');
	const { report, files, manifest } = await inspectPack(bytes.value, {
		ports: nodeVerifyPorts,
		...trust.value,
		checkEvidence: (found, stated) => checkPackEvidence(found, stated, keys.value),
	});
	await breathe();
	if (signal.aborted) return cancelled();
	let whole: object = report;
	if (replay && manifest) {
		const replayed = await replayPack(files, manifest, { signal, onProgress: say });
		// A replay that was stopped says that none was possible, which is no word on the pack.
		if (signal.aborted) return cancelled();
		const codes = [...report.codes, ...replayed.codes];
		whole = { ...report, codes, verdict: worstVerdict(codes), replay: replayed.replay };
	}
	const reportJson = JSON.stringify(whole, null, '\t');
	if (reportJson.length <= IPC_LIMITS.reportChars) return ok({ reportJson, sha256 });
	return err(ipcError('too_many', 'The report of this pack is larger than the window takes. Check it with `tieout check --json`.'));
}

const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const cancelled = () => err(ipcError('cancelled', 'The check was cancelled; nothing was judged.'));

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
