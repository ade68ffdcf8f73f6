/**
 * A drop at the hub's own door: verified as a workstation does, then taken in batch by batch like anything else. Its sealed lines bring their
 * own predecessors, so they are taken only where they continue this log's chains, byte for byte.
 */
import type { IpeTable } from '#audit';
import { asDropError, type DropError, type DropSource, type ImportedDrop, readWhole } from '#intake';
import { err, isSha256Hex, ok, type Result } from '#kernel';
import { TABLE_NAMES, type TableName } from '#model';
import { importDrop } from '../../../services/nodeIntake.ts';
import { openDrop } from '../../../services/openDrop.ts';
import type { HubProblem } from '../../problem.ts';
import type { DeadLine, Intake } from '../intakePort.ts';
import { laneOf } from '../lanes.ts';
import { batchesOf } from './dropBatches.ts';

export interface DropPorts {
	readonly intake: Intake;
	readonly documents: { write(tenant: string, sha256: string, bytes: Uint8Array): Promise<void> };
	/** Notes that a document is there. */
	keepDocument(tenant: string, sha256: string, bytes: number, at: number): Promise<void>;
}

export interface DropRequest {
	readonly tenant: string;
	readonly principal: string;
	/** Folder or ZIP. */
	readonly path: string;
	/** Milliseconds since 1970. */
	readonly receivedAt: number;
}

export interface DropAnswer {
	readonly drop_id: string;
	readonly manifest_sha256: string;
	/** Verdict of each sealed table; without a key from outside at best `not_verifiable`. */
	readonly sealed: Readonly<Record<string, string>>;
	readonly batches: number;
	readonly accepted: number;
	readonly duplicates: number;
	readonly waiting: number;
	/** At most a thousand; all of them stand among the dead letters. */
	readonly dead: readonly (DeadLine & { readonly table: string })[];
	readonly dead_count: number;
	readonly documents: number;
	/** What was found and is no error, one sentence each. */
	readonly notices: readonly string[];
}

const MAX_DEAD_LISTED = 1_000;
const MAX_DOCUMENT_BYTES = 64 << 20;
/** Verdicts under which nothing of a drop is taken. */
const CONTRADICTS: ReadonlySet<string> = new Set(['altered', 'truncated', 'forked']);

/** Takes a drop. Sent again it takes up where it ended: what is there already counts as duplicates. */
export async function takeDrop(ports: DropPorts, request: DropRequest): Promise<Result<DropAnswer, HubProblem>> {
	const opened = await openDrop(request.path);
	if (!opened.ok) return err(asProblem(opened.error));
	const source = opened.value;
	try {
		const drop = await importDrop(source);
		if (!drop.ok) return err(asProblem(drop.error));
		const contradiction = contradictionIn(drop.value);
		if (contradiction !== null) return err({ code: 'batch_differs', message: `Nothing of the drop was taken: ${contradiction}` });
		return await takeVerified(ports, request, source, drop.value);
	} catch (error) {
		return err(asProblem(asDropError(error, 'the drop')));
	} finally {
		await source.close();
	}
}

/** The path on the hub's disk is nobody's business, so only the drop's own names are said. */
const asProblem = ({ path, message }: DropError): HubProblem => ({
	code: 'malformed',
	message: path.startsWith('/') ? 'The drop can not be read: it is neither a ZIP nor the folder of a drop.' : message,
});

/** The first contradiction between the drop and what it says of itself; null if there is none. */
function contradictionIn({ sealed, evidence }: ImportedDrop): string | null {
	for (const [table, { verification }] of sealed) {
		if (!CONTRADICTS.has(verification.verdict)) continue;
		return `${table} is ${verification.verdict}. ${verification.problems[0]?.detail ?? ''}`;
	}
	const differing = evidence.ipe.find(({ verdict }) => verdict === 'differs' || verdict === 'missing');
	if (differing) return describeDifference(differing);
	const [altered] = evidence.documents.altered;
	return altered === undefined ? null : `the document ${altered} has other bytes than its name says.`;
}

function describeDifference({ table, differences }: IpeTable): string {
	const [first] = differences;
	return first ? `${table} is not as declared: ${first.what} ${first.declared}, found ${first.found}.` : `${table} is missing.`;
}

async function takeVerified(
	ports: DropPorts,
	{ tenant, principal, receivedAt }: DropRequest,
	source: DropSource,
	drop: ImportedDrop,
): Promise<Result<DropAnswer, HubProblem>> {
	const notices = [...drop.notices];
	const count = { batches: 0, accepted: 0, duplicates: 0, waiting: 0 };
	const dead: (DeadLine & { table: string })[] = [];
	let deadCount = 0;
	const name = drop.manifestSha256.slice(0, 16);
	for (const table of tablesOf(drop)) {
		for await (const { bytes, firstLine } of batchesOf(source, drop, table, `drop:${name}`)) {
			const taken = await ports.intake.submit({
				tenant,
				principal,
				idempotencyKey: `drop:${drop.manifestSha256}:${table}:${firstLine}`,
				channel: 'drop',
				lane: laneOf(table),
				bytes,
				traceparent: null,
				receivedAt,
			});
			if (!taken.ok) return taken;
			count.batches++;
			count.accepted += taken.value.accepted;
			count.duplicates += taken.value.duplicates;
			count.waiting += taken.value.waiting;
			deadCount += taken.value.dead.length;
			// The batch's first line is its declaration, so a line's place in the file follows.
			for (const one of taken.value.dead) if (dead.length < MAX_DEAD_LISTED) dead.push({ ...one, table, line: one.line + firstLine - 2 });
		}
	}
	const documents = await takeDocuments(ports, tenant, receivedAt, source, notices);
	return ok({
		drop_id: drop.manifest.dropId,
		manifest_sha256: drop.manifestSha256,
		sealed: Object.fromEntries([...drop.sealed].map(([table, { verification }]) => [table, verification.verdict])),
		...count,
		dead,
		dead_count: deadCount,
		documents,
		notices,
	});
}

/** In the order of the model, in which orders come before their events. */
const tablesOf = (drop: ImportedDrop): readonly TableName[] => TABLE_NAMES.filter((table) => drop.files.has(table));

async function takeDocuments(ports: DropPorts, tenant: string, at: number, source: DropSource, notices: string[]): Promise<number> {
	let taken = 0;
	for (const path of source.paths) {
		const sha256 = path.startsWith('documents/') ? path.slice('documents/'.length) : '';
		if (!isSha256Hex(sha256)) continue;
		if ((await source.size(path)) > MAX_DOCUMENT_BYTES) {
			notices.push(`The document ${sha256} is larger than ${MAX_DOCUMENT_BYTES} bytes and was not taken: hand it over by itself.`);
			continue;
		}
		const bytes = await readWhole(source, path, MAX_DOCUMENT_BYTES);
		await ports.documents.write(tenant, sha256, bytes);
		await ports.keepDocument(tenant, sha256, bytes.length, at);
		taken++;
	}
	return taken;
}
