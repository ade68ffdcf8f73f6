/** How the synchronisation of evidence stands: what is pinned, when the hub was asked last, and why it stopped. */
import { err, type Json } from '#kernel';
import { type FeedPin, isDistrust, policyFingerprint, type SyncStop } from '#sync';
import type { Answer } from './contract.ts';
import type { VaultEngagement } from './engagement.ts';
import { pinnedPolicy } from './trustRecord.ts';

export interface SyncStatus {
	readonly url: string | null;
	readonly policy: {
		readonly log: string;
		readonly fingerprint: string;
		/** `<name>+<key id>` of the keys that may sign, with the sizes up to which they may. */
		readonly keys: readonly { readonly name: string; readonly until: Readonly<Record<string, number>> }[];
		/** `<name>+<key id>`. */
		readonly witnesses: readonly string[];
		readonly quorum: number;
	} | null;
	readonly publication: number | null;
	readonly heads: FeedPin['heads'];
	/** Milliseconds; of the last time the hub was asked, with or without news. */
	readonly lastAt: number | null;
	/** Milliseconds; of the last time that came through. */
	readonly lastOkAt: number | null;
	/** Why the last pull stopped; null after one that did not. */
	readonly lastStop: SyncStop | null;
	/** A pull that was broken off, and how many bytes of it need not be asked for again. */
	readonly begun: { readonly publication: number; readonly bytes: number } | null;
	/** Names of documents of the newest publication that the hub could not give: they are missing in the evidence. */
	readonly lost: readonly string[];
}

interface KeptStatus {
	readonly lastAt: number;
	readonly lastOkAt: number | null;
	readonly lastStop: SyncStop | null;
}

export const stopAsError = (stop: SyncStop): Answer<never> =>
	err({ code: stop.code === 'cancelled' ? 'cancelled' : isDistrust(stop) ? 'distrusted' : 'not_connected', message: stop.message });

/** A pull that its person stopped, or that failed here, says nothing of the hub. */
export async function noteOutcome(
	{ link }: Pick<VaultEngagement, 'link'>,
	now: number,
	pulled: { readonly ok: true } | { readonly ok: false; readonly error: { readonly stop: SyncStop | null } },
): Promise<void> {
	const kept = (await link.load('status')) as KeptStatus | null;
	const stop = pulled.ok ? null : pulled.error.stop;
	const lastStop = stop?.code === 'cancelled' ? (kept?.lastStop ?? null) : stop;
	await link.save('status', { lastAt: now, lastOkAt: pulled.ok ? now : (kept?.lastOkAt ?? null), lastStop } as unknown as Json);
}

/** What stopped it was settled; whether more is amiss, the next pull says. */
export async function clearStop({ link }: Pick<VaultEngagement, 'link'>): Promise<void> {
	const kept = (await link.load('status')) as KeptStatus | null;
	if (kept) await link.save('status', { ...kept, lastStop: null } as unknown as Json);
}

/** Keeps why synchronising stopped, over a lock and a restart. */
export async function keepStop({ link }: VaultEngagement, now: number, lastStop: SyncStop): Promise<void> {
	const kept = (await link.load('status')) as KeptStatus | null;
	await link.save('status', { lastAt: now, lastOkAt: kept?.lastOkAt ?? null, lastStop } as unknown as Json);
}

/** The newest import that a pull made: its evidence, and the pins that stand for it. */
export async function lastFeed({ store, workbook }: VaultEngagement): Promise<{ readonly importId: string; readonly pin: FeedPin } | null> {
	const order = [...workbook().imports.keys()];
	const feeds = (await store.imports()).flatMap(({ importId, meta }) => {
		const pin = (meta as { readonly feed?: FeedPin }).feed;
		return pin ? [{ importId, pin }] : [];
	});
	const placeOf = ({ importId }: { readonly importId: string }): number => order.indexOf(importId);
	// Of two of one number, signed by one key, the one that came after it was settled which is believed.
	return feeds.toSorted((a, b) => a.pin.publication.size - b.pin.publication.size || placeOf(a) - placeOf(b)).at(-1) ?? null;
}

/** Names of documents that the hub could not give when this import was made. */
export async function lostOf({ store }: VaultEngagement, importId: string): Promise<readonly string[]> {
	const made = (await store.imports()).find((each) => each.importId === importId);
	return (made?.meta as { readonly lost?: readonly string[] } | undefined)?.lost ?? [];
}

export async function statusOf(engagement: VaultEngagement): Promise<SyncStatus> {
	const address = await engagement.link.address();
	const policy = pinnedPolicy(engagement.workbook());
	const kept = (await engagement.link.load('status')) as KeptStatus | null;
	const last = await lastFeed(engagement);
	const staged = await engagement.store.staged.read();
	return {
		url: address?.url ?? null,
		policy: policy
			? {
					log: policy.log,
					fingerprint: policyFingerprint(policy),
					keys: policy.keys.map(({ key, until }) => ({ name: `${key.name}+${key.keyId}`, until })),
					witnesses: policy.witnesses.map(({ name, keyId }) => `${name}+${keyId}`),
					quorum: policy.quorum,
				}
			: null,
		publication: last?.pin.publication.size ?? null,
		heads: last?.pin.heads ?? {},
		lastAt: kept?.lastAt ?? null,
		lastOkAt: kept?.lastOkAt ?? null,
		lastStop: kept?.lastStop ?? null,
		lost: last ? await lostOf(engagement, last.importId) : [],
		begun: staged && { publication: staged.publication, bytes: staged.written.raw },
	};
}
