/** Evidence for the window: previewing and importing drops, what was found in them, single lines and documents. */
import { can } from '#findings';
import { collectLines, type DropSource, type IntakePorts, readWhole } from '#intake';
import { fromUtf8, ok, sha256Hex } from '#kernel';
import { isTableName } from '#model';
import { describeLineFault } from '#population';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { evidenceRecordsApi } from './evidenceRecordsApi.ts';
import { type DropPreview, type EvidenceSummary, lineTexts, previewOf, type QuarantineRow, summaryOf } from './evidenceViews.ts';
import { type ImportOutcome, type OfferedKey, runImport, trustKeys } from './importJob.ts';
import { verifyStored } from './loadedEvidence.ts';
import { evidenceOf, onEngagement } from './onEngagement.ts';
import { FilesPort, openPortDrop } from './portDrop.ts';
import { guarded, refuse } from './vaultError.ts';

const DOCUMENT_BYTES_MAX = 64 << 20;

/** The port is handed over by the window; what else needs it gets it from here. */
export interface FilesLineHolder {
	current: FilesPort | null;
}

export function evidenceApi(context: CoreContext, ports: Promise<IntakePorts>, line: FilesLineHolder) {
	const withEvidence = <T>(work: (loaded: LoadedEvidence) => Promise<Answer<T>>): Promise<Answer<T>> =>
		onEngagement(context, (engagement) => {
			const loaded = evidenceOf(engagement);
			return loaded.ok ? work(loaded.value) : loaded;
		});
	const opened = async (dropToken: string): Promise<Answer<DropSource>> => {
		if (!line.current) return refuse('unreadable_file', 'The connection to the files is not there yet. Try again in a moment.');
		return ok(await openPortDrop(line.current, dropToken));
	};

	return {
		// biome-ignore lint/nursery/noMisusedPromises: an object of functions, no promise; the linter takes it for one
		...evidenceRecordsApi(context),

		/** The worker's own line to the files of drops; a newer one replaces it. */
		setFilesPort(next: MessagePort): void {
			line.current?.close();
			line.current = new FilesPort(next);
		},

		/** What a drop says of itself, before anything is read but its manifest. */
		preview(dropToken: string): Promise<Answer<DropPreview>> {
			return guarded(async () => {
				const source = await opened(dropToken);
				if (!source.ok) return source;
				const open = context.open();
				const loaded = open.ok ? open.value.evidence() : null;
				return previewOf(source.value, loaded);
			});
		},

		/** Reads, verifies and stores a drop. Cancelled or refused, it leaves nothing behind. */
		importDrop(
			dropToken: string,
			{ trustedKeys = [] }: { readonly trustedKeys?: readonly OfferedKey[] } = {},
		): Promise<Answer<ImportOutcome>> {
			return context.job('Import of a drop', async (job) => {
				const open = context.open();
				if (!open.ok) return open;
				const engagement = open.value;
				const { role } = engagement.member();
				if (!can(role, 'population.imported'))
					return refuse('not_allowed', `As ${role} you can’t import evidence. Ask a preparer or a partner.`);
				const trusted = await trustKeys(engagement, trustedKeys);
				if (!trusted.ok) return trusted;
				const source = await opened(dropToken);
				return source.ok ? runImport(engagement, source.value, context.randomId(), await ports, job) : source;
			});
		},

		/** Reads the stored bytes again under the keys trusted now. */
		verifyAgain(): Promise<Answer<void>> {
			return context.job('Verification of the stored evidence', async (job) => {
				const open = context.open();
				return open.ok ? verifyStored(open.value, await ports, job) : open;
			});
		},

		summary(): Promise<Answer<EvidenceSummary>> {
			return withEvidence((loaded) => Promise.resolve(ok(summaryOf(loaded, context))));
		},

		/** Lines set aside, in the order of tables and lines. */
		quarantineLines(table: string | null, from: number, to: number): Promise<Answer<readonly QuarantineRow[]>> {
			return withEvidence(async (loaded) => {
				const rows: QuarantineRow[] = [];
				let at = 0;
				for (const [name, lines] of loaded.drop.quarantine) {
					if (table !== null && table !== name) continue;
					const wanted = lines.slice(Math.max(0, from - at), Math.max(0, to - at));
					at += lines.length;
					if (wanted.length === 0) continue;
					const texts = await lineTexts(
						loaded,
						name,
						wanted.map(({ line }) => line),
					);
					for (const fault of wanted)
						rows.push({
							table: name,
							file: loaded.drop.files.get(name)?.path ?? '',
							line: fault.line,
							offset: fault.offset,
							code: fault.code,
							reason: describeLineFault(fault),
							raw: texts.get(fault.line) ?? null,
						});
				}
				return ok(rows);
			});
		},

		/** The stored line of a row, with its hash as results cite it. */
		rawLine(table: string, row: number): Promise<Answer<{ readonly line: number; readonly text: string | null; readonly sha256: string }>> {
			return withEvidence(async (loaded) => {
				if (!isTableName(table) || !loaded.drop.population.has(table))
					return refuse('not_found', `There is no table ${table} in the evidence.`);
				const line = loaded.drop.population.table(table).lineOf(row);
				const collected = await collectLines(loaded.source, loaded.drop, table, [line]);
				if (!collected.ok) return refuse('unreadable_file', collected.error.message);
				const [found] = collected.value;
				return found
					? ok({ line, text: fromUtf8(found.bytes), sha256: sha256Hex(found.bytes) })
					: refuse('not_found', `Line ${line} of ${table} is not among the stored lines.`);
			});
		},

		/** A document by the hash it is named by; whether its bytes have it. */
		document(sha256: string): Promise<Answer<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly isUnaltered: boolean }>> {
			return withEvidence(async ({ source }) => {
				const path = `documents/${sha256}`;
				if (!source.paths.has(path)) return refuse('not_found', 'The bytes of this document are not in the drop.');
				const bytes = await readWhole(source, path, DOCUMENT_BYTES_MAX);
				return ok({ bytes, isUnaltered: sha256Hex(bytes) === sha256 });
			});
		},
	};
}
