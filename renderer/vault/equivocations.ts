/**
 * Two signed histories of a log, as this engagement has seen them: both notes are kept, the feed stays stopped, and a person settles which
 * head is believed from then on, by an act with a reason. The pair stays whatever is settled: it is evidence.
 */
import type { Act, Workbook } from '#findings';
import type { Json } from '#kernel';
import {
	type Equivocation,
	equivocationId,
	type FeedPin,
	type JudgedEquivocation,
	judgeEquivocation,
	NO_RECORDS,
	type PinnedHead,
	type RecordsPin,
	type SyncStop,
	syncStop,
	type TrustPolicy,
} from '#sync';
import type { HeadMemory } from './headMemory.ts';
import type { LinkRecords } from './hubLink.ts';

const RECORD = 'equivocations';

export type Believed = 'seen' | 'shown';

/** As the screen shows it. */
export interface EquivocationRow {
	readonly id: string;
	readonly feed: string;
	/** Milliseconds; when the second head came. */
	readonly at: number;
	readonly seen: PinnedHead;
	readonly shown: PinnedHead;
	/** `<name>+<key id>` that signed it. */
	readonly key: string;
	readonly settled: { readonly believed: Believed; readonly reason: string; readonly memberId: string; readonly at: string } | null;
}

interface Kept extends Equivocation {
	readonly at: number;
	/** As judged when it was kept: another policy later does not undo what was signed. */
	readonly judged: JudgedEquivocation;
}

const keptIn = async (link: LinkRecords): Promise<readonly Kept[]> => ((await link.load(RECORD)) as Kept[] | null) ?? [];

/** Keeps a pair that is a proof. */
export async function keepEquivocation(link: LinkRecords, found: Equivocation, policy: TrustPolicy, at: number): Promise<void> {
	const kept = await keptIn(link);
	const id = equivocationId(found);
	const judged = judgeEquivocation(found, policy);
	if (!judged.ok || kept.some((one) => equivocationId(one) === id)) return;
	const { feed, seen, shown } = found;
	await link.save(RECORD, [...kept, { feed, seen, shown, at, judged: judged.value }] as unknown as Json);
}

/** Both notes of a pair, for a proof. */
export const equivocationOf = async (link: LinkRecords, id: string): Promise<Equivocation | null> =>
	(await keptIn(link)).find((kept) => equivocationId(kept) === id) ?? null;

const settingOf = (id: string): string => `sync.equivocation.${id}`;

/** The act that settles a pair; whoever may change settings may. */
export const settlingAct = (id: string, believed: Believed, reason: string): Act => ({
	type: 'setting.changed',
	key: settingOf(id),
	value: believed,
	reason,
});

function settlementOf({ settings }: Workbook, id: string): EquivocationRow['settled'] {
	const setting = settings.get(settingOf(id));
	if (setting?.value !== 'seen' && setting?.value !== 'shown') return null;
	const { value, reason, stamp } = setting;
	return { believed: value, reason, memberId: stamp.memberId, at: stamp.at };
}

/** All pairs, oldest first. */
export async function equivocationRows(link: LinkRecords, workbook: Workbook): Promise<readonly EquivocationRow[]> {
	return (await keptIn(link)).map((kept) => {
		const id = equivocationId(kept);
		const { feed, at, judged } = kept;
		return { id, feed, at, ...judged, settled: settlementOf(workbook, id) };
	});
}

/** Why nothing is pulled while a pair is not settled. */
export const unsettledStop = ({ feed, seen }: EquivocationRow): SyncStop =>
	syncStop(
		'fork',
		feed,
		`The key of the log signed two histories of ${feed} at ${seen.size}. Nothing is brought in until somebody has settled under Sync which of them is believed. What was verified before stands as it is.`,
	);

/** What the next pull has to continue: what was pinned, but for heads that were given up for the other of their pair. */
export function believedPin(pin: FeedPin, rows: readonly EquivocationRow[]): FeedPin {
	let believed = pin;
	for (const { feed, seen, shown, settled } of rows) {
		if (settled?.believed !== 'shown') continue;
		if (feed === 'publication' && isSame(believed.publication, seen)) believed = { ...believed, publication: shown };
		const head = believed.heads[feed];
		if (head && isSame(head, seen)) believed = { ...believed, heads: { ...believed.heads, [feed]: shown } };
	}
	// Plain tables of the other history have revisions of their own.
	return believed === pin ? pin : { ...believed, revisions: {}, rows: {} };
}

const isSame = (a: PinnedHead, b: PinnedHead): boolean => a.origin === b.origin && a.size === b.size && a.root === b.root;

/** The hub's own records as pinned; from their beginning where the head was given up for the other. */
export async function believedRecords(link: LinkRecords, rows: readonly EquivocationRow[]): Promise<RecordsPin> {
	const pin = ((await link.load('records')) as RecordsPin | null) ?? NO_RECORDS;
	const given = new Set(rows.flatMap(({ id, settled }) => (settled?.believed === 'shown' ? [id] : [])));
	const isGivenUp = (await keptIn(link)).some((kept) => given.has(equivocationId(kept)) && kept.seen === pin.note);
	return isGivenUp ? NO_RECORDS : pin;
}

/** Tells the memory of heads what was settled, on this copy or on another one. */
export async function rememberBelieved(heads: HeadMemory, rows: readonly EquivocationRow[]): Promise<void> {
	for (const { seen, shown, key, settled } of rows) if (settled?.believed === 'shown') await heads.replace(seen, { ...shown, key });
}
