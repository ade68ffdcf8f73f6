/** Integrity for the window: facts, proofs of single events, and the tamper lab over copies in memory. */
import { SEALED_TABLES } from '#evidence';
import { type EventProof, type IntegrityView, integrityView, proofOfEvent } from '#explore';
import { collectLines, type ImportedDrop, type IntakePorts } from '#intake';
import { formatInstant, ok } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { Answer, LoadedEvidence, VaultContext } from './contract.ts';
import { type ExamineGround, examineGround } from './examineGround.ts';
import { beginFinding } from './findingSeed.ts';
import { bundleOf, type VerifierBundle } from './integrityBundle.ts';
import { integrityLabApi } from './integrityLabApi.ts';
import { letOut, mayExport } from './letOut.ts';
import { areUnderPresentKeys, presentFacts } from './presentKeys.ts';
import { guarded, refuse } from './vaultError.ts';

export interface IntegrityScreenView extends IntegrityView {
	readonly importId: string;
	readonly dropId: string;
	readonly company: string;
	/** RFC 3339. */
	readonly asOf: string;
	readonly manifestSha256: string;
	readonly log: string | null;
	/** Rows of all tables. */
	readonly rows: number;
	/** The facts were read under the keys that are trusted now; else nothing is verified until the bytes have been read anew. */
	readonly isUnderPresentKeys: boolean;
}

/** Which line a proof is asked of: by its row in the population, by its number in the file, or by its key. */
export type ProofSubject = { readonly row: number } | { readonly line: number } | { readonly key: string };

interface LineAsked extends ExamineGround {
	readonly table: TableName;
	readonly line: number;
	/** With its logs. */
	readonly drop: ImportedDrop;
}

export function integrityApi(context: VaultContext, ports: Promise<IntakePorts>) {
	const lab = integrityLabApi(context, ports);
	const whole = new WeakMap<LoadedEvidence, ImportedDrop>();

	const withLogs = async (loaded: LoadedEvidence): Promise<Answer<ImportedDrop>> => {
		const known = whole.get(loaded);
		const open = context.open();
		if (known && open.ok && areUnderPresentKeys(known.evidence, open.value.workbook())) return ok(known);
		const read = await context.job('Reading the logs for a proof', (job) => loaded.withLogs(job));
		if (read.ok) whole.set(loaded, read.value);
		return read;
	};

	/** The line that is asked for, in evidence whose logs have been read. */
	const lineAsked = async (table: string, subject: ProofSubject): Promise<Answer<LineAsked>> => {
		const on = examineGround(context);
		if (!on.ok) return on;
		const { loaded } = on.value;
		if (!isTableName(table) || !(SEALED_TABLES as readonly string[]).includes(table) || !loaded.drop.population.has(table))
			return refuse('not_found', `There is no sealed table ${table} in the evidence. Only sealed tables have proofs.`);
		const line = lineOf(loaded, table, subject);
		if (line === null) return refuse('not_found', `There is no such event in ${table}. Check its number or key.`);
		const drop = await withLogs(loaded);
		return drop.ok ? ok({ ...on.value, table, line, drop: drop.value }) : drop;
	};

	return {
		attacks: lab.attacks,
		outcomes: lab.outcomes,
		runAttack: lab.runAttack,
		runAllAttacks: lab.runAllAttacks,

		view(): Promise<Answer<IntegrityScreenView>> {
			return guarded(async () => {
				const on = examineGround(context);
				return on.ok ? ok(await Promise.resolve(screenView(on.value))) : on;
			});
		},

		/** The proof of one line of a sealed table, checked again from its stored bytes. The first one reads the logs anew. */
		proof(table: string, subject: ProofSubject): Promise<Answer<EventProof>> {
			return guarded(async () => {
				const asked = await lineAsked(table, subject);
				if (!asked.ok) return asked;
				const { loaded, drop, table: name, line } = asked.value;
				const log = drop.sealed.get(name);
				if (!log) return refuse('not_found', `The log of ${table} could not be read.`);
				const collected = await collectLines(loaded.source, loaded.drop, name, [line]);
				const bytes = collected.ok ? collected.value[0]?.bytes : undefined;
				if (!bytes) return refuse('unreadable_file', `Line ${line} of ${table} could not be read from the stored bytes.`);
				const proof = proofOfEvent({ population: drop.population, table: name, line, bytes, ...log });
				return proof.ok ? proof : refuse('not_found', proof.error.message);
			});
		},

		/**
		 * The order of a line as a ZIP that anybody checks with public tools: stored lines, proofs, signed heads, the key, how to.
		 */
		verifierBundle(table: string, subject: ProofSubject): Promise<Answer<VerifierBundle & { readonly exportId: string }>> {
			return guarded(async () => {
				const on = examineGround(context);
				const may = on.ok ? mayExport(on.value.engagement) : on;
				if (!may.ok) return may;
				const asked = await lineAsked(table, subject);
				if (!asked.ok) return asked;
				const { engagement, loaded, drop, table: name, line } = asked.value;
				const made = await bundleOf(loaded, drop, engagement.workbook(), name, line);
				if (!made.ok) return made;
				const { subject: what, lines: rows, sha256 } = made.value;
				const out = letOut(engagement, context.randomId(), { what: `Verifier bundle of ${what}`, rows, sha256 });
				return out.ok ? ok({ ...made.value, exportId: out.value }) : out;
			});
		},

		/** Begins a finding on a line of a sealed table, or on the table as a whole. */
		createFinding(table: string, line: number | null, sentence: string): Promise<Answer<{ readonly findingId: string }>> {
			return guarded(async () => {
				const on = examineGround(context);
				if (!on.ok) return on;
				const { engagement, loaded } = on.value;
				const rows = isTableName(table) && loaded.drop.population.has(table) ? loaded.drop.population.table(table) : null;
				const row = rows && line !== null ? rows.rowOfLine(line) : -1;
				return await beginFinding(engagement, loaded, context.randomId, {
					title: line === null ? `Integrity of ${table}` : `Integrity of ${table}, line ${line}`,
					severity: 'critical',
					condition: sentence,
					criteria:
						'AS 1105.10: information produced by the entity must be accurate and complete; RFC 6962: an append-only log under signed heads.',
					rows: row >= 0 && isTableName(table) ? [{ table, row, label: `${table}, line ${line}` }] : [],
					exceptions: [],
				});
			});
		},
	};
}

function lineOf({ drop }: LoadedEvidence, name: TableName, subject: ProofSubject): number | null {
	const table = drop.population.table(name);
	if ('line' in subject) return Number.isInteger(subject.line) && subject.line >= 1 && subject.line <= table.lines ? subject.line : null;
	if ('row' in subject) return subject.row >= 0 && subject.row < table.rows ? table.lineOf(subject.row) : null;
	const [column = ''] = table.schema.primaryKey;
	const row = drop.population.index(name, column).rowOf(table.dictionary(column).codeOf(subject.key));
	return row < 0 ? null : table.lineOf(row);
}

function screenView({ engagement, loaded }: ExamineGround): IntegrityScreenView {
	const { drop, importId } = loaded;
	const trusted = [...engagement.workbook().trustedKeys.values()].map(({ vkey, origin }) => ({ vkey, origin }));
	const evidence = presentFacts(drop.evidence, engagement.workbook());
	const view = integrityView({ manifest: drop.manifest, evidence, population: drop.population, trusted });
	return {
		...view,
		importId,
		dropId: drop.manifest.dropId,
		company: drop.manifest.company,
		asOf: formatInstant(drop.manifest.asOf),
		manifestSha256: drop.manifestSha256,
		log: drop.manifest.log,
		rows: [...drop.population.tables()].reduce((sum, { rows }) => sum + rows, 0),
		isUnderPresentKeys: areUnderPresentKeys(drop.evidence, engagement.workbook()),
	};
}
