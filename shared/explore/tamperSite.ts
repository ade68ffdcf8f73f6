/** Where an attack is made: the narrowed drop, sealed anew, with what its manifest declares. */
import type { LogHead, VerifierKey } from '#evidence';
import type { Result } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { AttackSite, LabImport, LabSigner } from './tamper.ts';
import type { DropCopy, LabDrop } from './tamperCopy.ts';
import { declare, linesOf, rootsOf } from './tamperLines.ts';
import { entryOf, type LooseManifest, readManifest } from './tamperManifest.ts';
import type { Narrowed } from './tamperNarrow.ts';

export interface LabPorts {
	/** Reads a copy as any drop is read. */
	readonly importCopy: (
		drop: LabDrop,
		outside: { readonly trustedKeys: readonly VerifierKey[]; readonly previousHeads: readonly LogHead[] },
	) => Promise<Result<LabImport, { readonly code: string; readonly message: string }>>;
	/** A key of the lab's own by this name; the same for the same name. */
	readonly signer: (name: string) => LabSigner;
}

export async function siteOf({ drop, table }: Narrowed, ports: LabPorts, standIn: LabSigner): Promise<AttackSite> {
	const manifest = await readManifest(drop);
	return {
		table,
		file: fileOf(manifest, table),
		origin: `${String(manifest['log'] ?? '')}/${table}`,
		standIn,
		stranger: ports.signer('lab-stranger'),
	};
}

/** Differences from the manifest that the drop has already would hide those that an attack makes. */
export async function mendDeclarations(copy: DropCopy, { evidence }: LabImport): Promise<void> {
	const manifest = await readManifest(copy);
	for (const { table, verdict } of evidence.ipe)
		if (verdict === 'differs' && isTableName(table)) await declare(copy, { table, file: fileOf(manifest, table) });
}

const QUARTERS = [1, 2, 3, 4];

/** Checkpoints of the lab at every quarter of a copy whose log was sealed further on than the copy reaches. */
export async function sealAnew(copy: DropCopy, site: AttackSite): Promise<void> {
	const lines = await linesOf(copy, site.file);
	const rootOf = rootsOf(site.table, lines);
	for (const quarter of QUARTERS) {
		const size = Math.floor((lines.length * quarter) / QUARTERS.length);
		copy.write(`checkpoints/${site.table}/${size}.txt`, site.standIn.checkpoint(site.origin, size, rootOf(size)));
	}
}

export function noteOf({ isCut, table }: Narrowed, { evidence }: LabImport, isBare: boolean): string | null {
	if (!isCut) return null;
	const lines = evidence.integrity[table]?.rows ?? 0;
	return `The copy is the first ${lines} lines of ${table}${isBare ? '. The log was sealed further on only, so the copy is sealed with a key of the lab' : ', up to a checkpoint'}.`;
}

const fileOf = (manifest: LooseManifest, table: TableName): string => String(entryOf(manifest, table)?.['file'] ?? '');

/** Checkpoints that fail already are left out, and differences from the manifest mended, so that on the copy the attack is all that is wrong. */
export function dropFailedCheckpoints(copy: DropCopy, { sealed }: LabImport): void {
	for (const { verification } of sealed.values())
		for (const one of verification.checkpoints) {
			const isNamedBySize = one.kind === 'read' && one.path.endsWith(`/${one.checkpoint.size}.txt`);
			const isSound =
				isNamedBySize && one.isOfThisLog && one.root === 'matches' && (one.signature === 'trusted' || one.signature === 'claimed');
			if (!isSound) copy.remove(one.path);
		}
}
