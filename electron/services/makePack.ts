/** The whole main job behind the audit: gather, plan, render, sign, and check what was signed as a stranger would. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type CitedByFindings, packInputOf, type Redaction } from '#assembly';
import type { SealedHeads, VerifierKey } from '#evidence';
import type { AuditedDrop, DropSource } from '#intake';
import { err, ok, type Result } from '#kernel';
import { type CheckReport, checkPack, checkPackEvidence, type PackFinding, planPack, renderPack } from '#pack';
import { nodeVerifyPorts } from './checkPorts.ts';
import { nodeIntakePorts } from './nodeIntake.ts';
import { packFontHashes, packFonts } from './packFonts.ts';
import type { PackSigner } from './packSigner.ts';
import { signPack } from './signPack.ts';

export interface PackRequest {
	readonly preparedBy: string;
	readonly organisation: string;
	/** Milliseconds: the pack's date and the time its signature claims. */
	readonly created: number;
	readonly version: string;
	readonly findings: readonly PackFinding[];
	readonly cited?: CitedByFindings;
	readonly redaction: Redaction;
	readonly trustedKey: VerifierKey | null;
	/** As a hub gave them; see `PackContents`. */
	readonly heads?: readonly SealedHeads[];
	readonly signer: PackSigner;
	readonly signal?: AbortSignal;
	readonly onProgress?: (phase: string, done: number, total: number, unit: string) => void;
}

export interface MadePack {
	readonly packId: string;
	readonly unsigned: Uint8Array;
	readonly signed: Uint8Array;
	readonly pages: number;
	readonly attachments: number;
	/** The strict verifier's word on the signed bytes. */
	readonly report: CheckReport;
	/** What the reader must know about what is left out, one sentence each. */
	readonly notes: readonly string[];
}

export interface PackFault {
	readonly code: 'unreadable_drop' | 'not_signed' | 'cancelled';
	readonly message: string;
}

export async function makePack(source: DropSource, audited: AuditedDrop, request: PackRequest): Promise<Result<MadePack, PackFault>> {
	const { onProgress, signal } = request;
	onProgress?.('gathering evidence', 0, 1, 'steps');
	const gathered = await packInputOf(source, audited, nodeIntakePorts, { ...request, fonts: packFontHashes() }, signal);
	if (!gathered.ok) return err({ code: 'unreadable_drop', message: gathered.error.message });
	const { input, notes } = gathered.value;
	if (await isCancelled(signal)) return err(CANCELLED);
	const plan = planPack(input, (bytes) => createHash('sha256').update(bytes).digest('hex'));
	let pages = 0;
	const unsigned = await renderPack(plan, { fonts: packFonts() }, (progress) => {
		pages = progress.pages;
		onProgress?.('rendering pages', progress.section, progress.sections, 'sections');
	});
	if (await isCancelled(signal)) return err(CANCELLED);
	const signed = await signPack(unsigned, request.signer, { field: 'Preparer', time: request.created, reason: 'Prepared this audit pack' });
	if (!signed.ok) return err({ code: 'not_signed', message: signed.error.detail });
	onProgress?.('checking the pack', 0, 1, 'steps');
	const report = await checkPack(signed.value, {
		ports: nodeVerifyPorts,
		checkEvidence: (files, manifest) => checkPackEvidence(files, manifest, request.trustedKey ? [request.trustedKey] : []),
	});
	if (await isCancelled(signal)) return err(CANCELLED);
	return ok({ packId: input.packId, unsigned, signed: signed.value, pages, attachments: plan.attachments.length, report, notes });
}

const CANCELLED: PackFault = { code: 'cancelled', message: 'The pack was cancelled; nothing was written.' };

/** Between two steps the program listens, so that Ctrl+C is heard. */
async function isCancelled(signal: AbortSignal | undefined): Promise<boolean> {
	await setImmediate();
	return signal?.aborted ?? false;
}
