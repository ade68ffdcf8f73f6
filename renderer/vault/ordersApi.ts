/** Orders for the window: lists, single orders, saved views, exports. */
import { readWhole } from '#intake';
import { ok, sha256Hex } from '#kernel';
import type { Answer, LoadedEvidence, VaultContext } from './contract.ts';
import { ordersExportApi } from './ordersExportApi.ts';
import { findingOf, type OrderFile, orderFile } from './ordersFile.ts';
import { groundOf, viewReader } from './ordersGround.ts';
import { type RawLine, rawLines } from './ordersLines.ts';
import { ordersListApi } from './ordersListApi.ts';
import { orderViews } from './ordersViews.ts';
import { guarded, refuse } from './vaultError.ts';

export type { OrderFile } from './ordersFile.ts';
export type { RawLine } from './ordersLines.ts';
export type { OrderStatistics, OrderView } from './ordersListApi.ts';

export interface DocumentBytes {
	readonly fileName: string;
	readonly mediaType: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** Whether the bytes have the hash they are named by. */
	readonly isUnaltered: boolean;
}

const DOCUMENT_BYTES_MAX = 64 * 2 ** 20;

export function ordersApi(context: VaultContext) {
	const views = orderViews();
	const onView = viewReader(context, views);
	return {
		...ordersListApi(context, views, onView),
		...ordersExportApi(context, onView),

		/** All that is known of one order. */
		dossier(orderId: string): Promise<Answer<OrderFile>> {
			const on = groundOf(context);
			if (!on.ok) return Promise.resolve(on);
			const { engagement, loaded } = on.value;
			return orderFile(loaded, engagement.results(), engagement.workbook(), orderId);
		},

		/** The stored lines of an order, hashed anew. */
		rawLines(orderId: string): Promise<Answer<readonly RawLine[]>> {
			const on = groundOf(context);
			return on.ok ? rawLines(on.value.loaded, on.value.engagement.workbook(), orderId) : Promise.resolve(on);
		},

		/** A document of the drop by its hash, hashed anew. */
		document(sha256: string): Promise<Answer<DocumentBytes>> {
			const on = groundOf(context);
			return on.ok ? guarded(() => readDocument(on.value.loaded, sha256)) : Promise.resolve(on);
		},

		/** Begins a finding about an order, or about one of its events, with the stored line and its exceptions as evidence. */
		beginFinding(orderId: string, eventId: string | null): Promise<Answer<{ readonly findingId: string }>> {
			const on = groundOf(context);
			return on.ok ? guarded(() => findingOf(on.value, context.randomId, orderId, eventId)) : Promise.resolve(on);
		},
	};
}

async function readDocument({ source, drop }: LoadedEvidence, sha256: string): Promise<Answer<DocumentBytes>> {
	const path = `documents/${sha256}`;
	const { population } = drop;
	const documents = population.has('document') ? population.table('document') : null;
	const code = documents?.dictionary('sha256').codeOf(sha256) ?? -1;
	const row = documents && code >= 0 ? population.index('document', 'sha256').rowOf(code) : -1;
	if (!/^[0-9a-f]{64}$/.test(sha256) || !source.paths.has(path))
		return refuse('not_found', 'The drop names this document and does not hold its bytes. Ask the company for the file.');
	if ((await source.size(path)) > DOCUMENT_BYTES_MAX)
		return refuse(
			'invalid',
			`The document is larger than ${DOCUMENT_BYTES_MAX / 2 ** 20} MiB, too large to preview. Open it from the drop.`,
		);
	const bytes = await readWhole(source, path, DOCUMENT_BYTES_MAX);
	return ok({
		fileName: row < 0 ? sha256 : (documents?.text('file_name', row) ?? sha256),
		mediaType: row < 0 ? 'application/octet-stream' : (documents?.text('media_type', row) ?? 'application/octet-stream'),
		bytes,
		isUnaltered: sha256Hex(bytes) === sha256,
	});
}
