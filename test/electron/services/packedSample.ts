/** A sample or a small drop, audited and packed in this process, and opened again as a checker sees it. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRedaction } from '#assembly';
import type { VerifierKey } from '#evidence';
import type { AuditedDrop, AuditOptions, DropSource } from '#intake';
import { type CheckReport, checkPackEvidence, inspectPack, type PackManifest } from '#pack';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { type MadePack, makePack, type PackRequest } from '../../../electron/services/makePack.ts';
import { auditDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';
import { cleanDrop } from './cleanDrop.ts';
import { addCheckpoints, type DropFiles, declare, dropCheckpoints, fileOf, linesOf, type Row, sealLines } from './dropWriter.ts';
import { keyOf, memorySource } from './memorySource.ts';
import { preparer, SIGNING_TIME, signerOf } from './testAuthority.ts';

export interface Packed {
	readonly source: DropSource;
	readonly audited: AuditedDrop;
	readonly made: MadePack;
	/** As `check` without any key sees it. */
	readonly report: CheckReport;
	readonly files: ReadonlyMap<string, Uint8Array>;
	readonly manifest: PackManifest;
}

type Options = AuditOptions & Partial<PackRequest> & { readonly redact?: readonly string[] };

export async function packOf(source: DropSource, { redact = [], ...options }: Options = {}): Promise<Packed> {
	const audited = await auditDrop(source, options);
	if (!audited.ok) throw new Error(audited.error.message);
	const redaction = await planRedaction(source, audited.value.drop.population, redact);
	if (!redaction.ok) throw new Error(redaction.error);
	const made = await makePack(source, audited.value, {
		preparedBy: 'Paula Preparer',
		organisation: 'Prüf & Söhne 監査',
		created: SIGNING_TIME,
		version: '0.0.0',
		findings: [],
		redaction: redaction.value,
		trustedKey: options.trustedKeys?.[0] ?? null,
		signer: signerOf(preparer),
		...options,
	});
	if (!made.ok) throw new Error(made.error.message);
	const opened = await inspectPack(made.value.signed, {
		ports: nodeVerifyPorts,
		checkEvidence: (files, manifest) => checkPackEvidence(files, manifest, []),
	});
	if (!opened.manifest) throw new Error(JSON.stringify(opened.report.codes));
	return { source, audited: audited.value, made: made.value, report: opened.report, files: opened.files, manifest: opened.manifest };
}

export const packFiles = (files: DropFiles, options: Options = {}): Promise<Packed> => packOf(memorySource(files), options);

export interface Sample {
	readonly dir: string;
	readonly source: DropSource;
	readonly key: VerifierKey;
}

/** The caller closes the source; the folder is temporary. */
export async function sampleOf(orders: number, anomalies: 'none' | 'all'): Promise<Sample> {
	const dir = join(await mkdtemp(join(tmpdir(), 'tieout-sample-')), 'drop');
	const written = await writeSample(dir, { orders, seed: 4, anomalies }, () => undefined);
	const source = await openDrop(dir);
	if (!written.ok || !source.ok) throw new Error('the sample can’t be written');
	return { dir, source: source.value, key: keyOf(written.value.vkey) };
}

export const jsonOf = <T>(files: ReadonlyMap<string, Uint8Array>, name: string): T =>
	JSON.parse(Buffer.from(files.get(name) ?? new Uint8Array()).toString('utf8')) as T;

/** A small drop whose log is sound and whose order events break rules, so that exceptions cite sealed lines. */
export function brokenDrop(): DropFiles {
	const files = cleanDrop();
	const rows = linesOf(files, 'order_event').map((line) => JSON.parse(line) as Row);
	const broken = rows.map((row, i) => ({
		...row,
		...(i % 3 === 0 ? { recorded_at: '2026-09-01T00:00:00.000Z' } : {}),
		...(i % 4 === 0 ? { from_state: 'fulfilled' } : {}),
	}));
	files.set('data/order_event.ndjson', fileOf(sealLines(broken)));
	dropCheckpoints(files, 'order_event');
	addCheckpoints(files, 'order_event');
	declare(files);
	return files;
}
