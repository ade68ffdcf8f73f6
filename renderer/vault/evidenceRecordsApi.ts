/** What is on record about the evidence: passports of tables (AS 1105.10), documents, the imports so far, the log keys that are trusted. */
import { ok } from '#kernel';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { type DocumentEntry, type DocumentState, documentsOf } from './evidenceDocuments.ts';
import { passportOf, type TablePassport } from './evidencePassports.ts';
import { trustKeys } from './importJob.ts';
import { doActs, evidenceOf } from './onEngagement.ts';
import { refuse } from './vaultError.ts';

export interface ImportRecord {
	readonly importId: string;
	readonly dropId: string;
	readonly manifestSha256: string;
	readonly company: string;
	readonly asOf: string;
	readonly rows: number;
	readonly bytes: number;
	readonly quarantined: number;
	readonly differing: number;
	readonly at: string;
	readonly by: string;
	readonly isLoaded: boolean;
}

export interface TrustedKeyRecord {
	readonly vkey: string;
	readonly origin: string;
	readonly at: string;
	readonly by: string;
}

export function evidenceRecordsApi(context: CoreContext) {
	const documents = new WeakMap<LoadedEvidence, readonly DocumentEntry[]>();

	const loaded = (): Answer<LoadedEvidence> => {
		const open = context.open();
		return open.ok ? evidenceOf(open.value) : open;
	};

	return {
		/** Declared against found for one table of the loaded drop, control totals included. */
		passport(table: string): Answer<TablePassport> {
			const evidence = loaded();
			if (!evidence.ok) return evidence;
			const passport = passportOf(evidence.value, table);
			return passport ? ok(passport) : refuse('not_found', `The loaded drop has no table ${table}.`);
		},

		/** Documents [from, to) in one state or in any, with how many there are of each. */
		async documents(
			state: DocumentState | null,
			from: number,
			to: number,
		): Promise<
			Answer<{ readonly total: number; readonly counts: Readonly<Record<DocumentState, number>>; readonly rows: readonly DocumentEntry[] }>
		> {
			const evidence = loaded();
			if (!evidence.ok) return evidence;
			let all = documents.get(evidence.value);
			if (!all) {
				all = await documentsOf(evidence.value);
				documents.set(evidence.value, all);
			}
			const counts = { present: 0, missing: 0, altered: 0, uncited: 0, misnamed: 0 };
			for (const entry of all) counts[entry.state]++;
			const wanted = state === null ? all : all.filter((entry) => entry.state === state);
			return ok({ total: wanted.length, counts, rows: wanted.slice(from, to) });
		},

		/** Every import of this engagement, the last one first. */
		imports(): Answer<readonly ImportRecord[]> {
			const open = context.open();
			if (!open.ok) return open;
			const { imports, members } = open.value.workbook();
			const current = open.value.evidence()?.importId ?? null;
			const records = [...imports.values()].map(
				({ type: _type, stamp, ...record }): ImportRecord => ({
					...record,
					at: stamp.at,
					by: members.get(stamp.memberId)?.name ?? stamp.memberId,
					isLoaded: record.importId === current,
				}),
			);
			return ok(records.reverse());
		},

		/** Log keys from outside any drop, the oldest first. */
		trustedKeys(): Answer<readonly TrustedKeyRecord[]> {
			const open = context.open();
			if (!open.ok) return open;
			const { trustedKeys, members } = open.value.workbook();
			return ok(
				[...trustedKeys.values()].map(({ vkey, origin, stamp }) => ({
					vkey,
					origin,
					at: stamp.at,
					by: members.get(stamp.memberId)?.name ?? stamp.memberId,
				})),
			);
		},

		addTrustedKey(vkey: string, origin: string): Promise<Answer<void>> {
			const open = context.open();
			return open.ok ? trustKeys(open.value, [{ vkey, origin }]) : Promise.resolve(open);
		},

		async removeTrustedKey(vkey: string, reason: string): Promise<Answer<void>> {
			const open = context.open();
			if (!open.ok) return open;
			return await doActs(open.value, { type: 'trusted_key.removed', vkey, reason });
		},
	};
}
