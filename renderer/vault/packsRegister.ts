/** The register of packs: recorded once signed, completed once the written file was checked, listed with those that never were. */
import { type Act, openPacks } from '#findings';
import { ok } from '#kernel';
import type { Answer, OpenEngagement } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { doActs, onEngagement } from './onEngagement.ts';
import { refuse } from './vaultError.ts';

type RecordOf<Type extends Act['type']> = Omit<Extract<Act, { type: Type }>, 'type'>;

/** What is recorded of a pack once it is signed, before anything of it is written. */
export type BegunPackRecord = RecordOf<'pack.begun'>;

/** What is recorded of a pack once it is written, read back and checked. */
export type MadePackRecord = RecordOf<'pack.made'>;

export interface PackRow extends Omit<MadePackRecord, 'verdict'> {
	/** Null: it was signed and never completed. A signed file may exist that nobody has checked. */
	readonly verdict: string | null;
	readonly at: string;
	readonly memberId: string;
}

export interface RegisterPorts {
	/** Whether the open member gave a passphrase for the pages of this hash. */
	isConfirmed(engagement: OpenEngagement, unsignedSha256: string): boolean;
	/** A pack of this engagement is signed: its pages are of no more use. */
	begun(engagement: OpenEngagement): void;
}

export function packsRegister(context: Pick<CoreContext, 'open'>, { isConfirmed, begun }: RegisterPorts) {
	return {
		/**
		 * Records that a pack is signed and will now be written, so that no signed file exists that the register does not know. Refused for pages
		 * that `make` did not give out to this member.
		 */
		beginPack: (record: BegunPackRecord): Promise<Answer<void>> =>
			onEngagement(context, async (engagement) => {
				if (!isConfirmed(engagement, record.unsignedSha256))
					return refuse('not_allowed', 'Nobody has confirmed this pack with a passphrase. Sign it under Packs.');
				const done = await doActs(engagement, { type: 'pack.begun', ...record });
				if (done.ok) begun(engagement);
				return done;
			}),

		/** Records a pack that is signed, written and checked. */
		recordPack: (record: MadePackRecord): Promise<Answer<void>> =>
			onEngagement(context, (engagement) => doActs(engagement, { type: 'pack.made', ...record })),

		/** Packs signed so far, the newest first, also those that were never completed. */
		list: (): Promise<Answer<readonly PackRow[]>> =>
			onEngagement(context, (engagement) => {
				const workbook = engagement.workbook();
				const made = workbook.packs.map(({ type: _, ...pack }) => pack);
				const open = openPacks(workbook).map(({ type: _, unsignedSha256: __, ...pack }) => ({ ...pack, verdict: null }));
				const newestFirst = [...made, ...open].toSorted((a, b) => b.stamp.seq - a.stamp.seq);
				return ok(newestFirst.map(({ stamp, ...pack }) => ({ ...pack, at: stamp.at, memberId: stamp.memberId })));
			}),
	};
}
