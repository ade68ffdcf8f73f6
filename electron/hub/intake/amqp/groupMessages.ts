/** Messages that arrived together are taken as one batch: one transaction and one seal for all, each with its own key. */
import { createHash } from 'node:crypto';
import { concatBytes } from '#kernel';
import type { KeyedBody } from '../batchStore.ts';
import { looksLikeDeclaration } from '../declaration.ts';
import type { ReadMessage } from './readMessage.ts';

/** One message, with whatever it came with. */
export interface Received<M> {
	readonly message: M;
	readonly read: ReadMessage;
}

export interface MessageGroup<M> {
	readonly bytes: Uint8Array;
	readonly key: string;
	readonly keys: readonly KeyedBody[];
	readonly members: readonly GroupMember<M>[];
}

interface GroupMember<M> extends Received<M> {
	/** Lines of the group before its own. */
	readonly linesBefore: number;
}

export const keyOfMessage = ({ messageId }: ReadMessage): string => `amqp:${messageId}`;
export const digestOfMessage = ({ bytes }: ReadMessage): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

const MAX_GROUP_BYTES = 4 << 20;
const LINE_FEED = 10;

/**
 * Puts messages together in their order. One that declares what it holds stays alone: its digest is over its own bytes. So does a message
 * whose id another one of the group has.
 */
export function groupMessages<M>(received: readonly Received<M>[]): readonly (readonly Received<M>[])[] {
	const groups: Received<M>[][] = [];
	let open: Received<M>[] = [];
	let bytes = 0;
	let ids = new Set<string>();
	const close = (): void => {
		if (open.length > 0) groups.push(open);
		open = [];
		bytes = 0;
		ids = new Set();
	};
	for (const one of received) {
		const { read } = one;
		const isAlone = looksLikeDeclaration(Buffer.from(read.bytes.subarray(0, 64)).toString());
		if (isAlone || ids.has(read.messageId) || bytes + read.bytes.length > MAX_GROUP_BYTES) close();
		open.push(one);
		bytes += read.bytes.length;
		ids.add(read.messageId);
		if (isAlone) close();
	}
	close();
	return groups;
}

/** The group as one batch. Its own key follows from those of its messages, so that it names no other group. */
export function joinMessages<M>(received: readonly Received<M>[]): MessageGroup<M> {
	const parts: Uint8Array[] = [];
	const members: GroupMember<M>[] = [];
	let lines = 0;
	for (const one of received) {
		const { bytes } = one.read;
		members.push({ ...one, linesBefore: lines });
		parts.push(bytes);
		for (const byte of bytes) if (byte === LINE_FEED) lines++;
		if (bytes.at(-1) === LINE_FEED || bytes.length === 0) continue;
		parts.push(Uint8Array.of(LINE_FEED));
		lines++;
	}
	const keys = received.map(({ read }) => ({ key: keyOfMessage(read), bodySha256: digestOfMessage(read) }));
	const digest = createHash('sha256')
		.update(JSON.stringify(keys.map(({ key }) => key)))
		.digest('hex');
	return { bytes: concatBytes(...parts), key: `amqp-group:${digest}`, keys, members };
}
