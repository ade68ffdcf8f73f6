/** The pack's own manifest: what is embedded, with hashes, and what the pack is about. Its SHA-256 stands on the cover. */
import { type Sha256Hex, sha256Hex } from '#kernel';
import type { HashedAttachment } from './attachments.ts';
import { encodeManifest, MANIFEST_FORMAT, type PackManifest } from './packManifest.ts';
import type { PackInput } from './planInput.ts';

export interface PlannedManifest {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly sha256: Sha256Hex;
	readonly value: PackManifest;
}

export function planManifest(input: PackInput, attachments: readonly HashedAttachment[]): PlannedManifest {
	const { engagement, tool, drop } = wellFormed({ engagement: input.engagement, tool: input.tool, drop: input.result.drop });
	const heads = input.contradictedHeads ?? [];
	const value: PackManifest = {
		format: MANIFEST_FORMAT,
		pack_id: input.packId.toWellFormed(),
		created: input.created,
		tool: { name: tool.name, version: tool.version, pdf: tool.pdf },
		fonts: Object.fromEntries(Object.entries(tool.fonts).map(([name, sha256]) => [name, `sha256:${sha256}`])),
		engagement: {
			client: engagement.client,
			period_from: engagement.periodFrom,
			period_to: engagement.periodTo,
			as_of: engagement.asOf,
			prepared_by: engagement.preparedBy,
			organisation: engagement.organisation,
			entities: engagement.entities.map(({ id, name }) => ({ id, name })),
		},
		drop: {
			drop_id: drop.drop_id,
			manifest_sha256: drop.manifest_sha256,
			log_key: input.trustedKey?.vkey ?? null,
			...(heads.length > 0 ? { seen_heads: heads.map(({ origin, size, root, key }) => ({ origin, size, root, key })) } : {}),
		},
		files: attachments.map(({ name, path, sha256, bytes, mime, relationship }) => ({
			name,
			path: path.normalize('NFC'),
			sha256,
			size: bytes.length,
			mime,
			relationship,
		})),
		roles: [
			{ field: 'Preparer', required: true },
			{ field: 'Reviewer', required: false },
		],
	};
	const bytes = encodeManifest(value);
	return { bytes, sha256: sha256Hex(bytes), value };
}

/** A copy without half characters, which have no UTF-8 form and so can't be hashed. */
function wellFormed<T>(value: T): T {
	if (typeof value === 'string') return value.toWellFormed() as T;
	if (Array.isArray(value)) return value.map(wellFormed) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)])) as T;
}
