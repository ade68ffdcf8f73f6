/** Commands of the order in hand. They act on the row one stands on, also while the panel shows the one before. */
import { type Command, useCommands } from '../../app/commands.ts';
import { notify } from '../../app/notify.ts';
import { useVault, type Vault } from '../../app/vault.ts';
import { useNav } from '../../state/nav.ts';
import type { OrderFile } from '../../vault/ordersApi.ts';
import type { Follower } from './follower.ts';

export type PanelTab = 'timeline' | 'documents' | 'ledger' | 'raw';

interface Panel {
	/** What the panel shows. */
	readonly file: OrderFile;
	/** The order it was given: another one while its file is being fetched. */
	readonly orderId: string;
	readonly standing: Follower['standing'];
	readonly event: number;
	readonly setEvent: (event: number) => void;
	readonly setTab: (tab: PanelTab) => void;
}

export interface Target {
	readonly orderId: string;
	/** Null where the order has none. */
	readonly eventId: string | null;
}

/** What a key means now: the event one stands on, or the first of an order that the panel does not show yet. Null, and said, where that can't be read. */
export async function targetOf(
	{ file, orderId, standing, event }: Pick<Panel, 'file' | 'orderId' | 'standing' | 'event'>,
	dossierOf: Vault['orders']['dossier'],
	say: (message: string) => void,
): Promise<Target | null> {
	const meant = await (standing() ?? orderId);
	if (meant === null) {
		say('The row one stands on can’t be read, so nothing was done. Stand on it again.');
		return null;
	}
	if (meant === file.dossier.orderId) return { orderId: meant, eventId: file.timeline.events[event]?.eventId ?? null };
	const other = await dossierOf(meant);
	if (other.ok) return { orderId: meant, eventId: other.value.timeline.events[0]?.eventId ?? null };
	say(other.error.message);
	return null;
}

export function usePanelCommands(panel: Panel): void {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { file, orderId, standing, event, setEvent, setTab } = panel;
	useCommands(() => {
		const count = file.timeline.events.length;
		const say = (message: string): void => notify({ tone: 'failed', message });
		const onTarget = (act: (target: Target) => unknown) => async (): Promise<void> => {
			const target = await targetOf({ file, orderId, standing, event }, vault.orders.dossier, say);
			if (target) await act(target);
		};
		const startFinding = async ({ orderId: order, eventId }: Target): Promise<void> => {
			const begun = await vault.orders.beginFinding(order, eventId);
			if (!begun.ok) return say(begun.error.message);
			notify({ tone: 'done', message: `Finding begun with ${order} as evidence`, undo: 'finding.created' });
			go('findings', { finding: begun.value.findingId });
		};
		const proof = ({ orderId: order, eventId }: Target): void => {
			if (eventId === null) notify({ tone: 'warn', message: `${order} has no events.` });
			else go('integrity', { table: 'order_event', key: eventId });
		};
		const key = (id: string, keys: string, title: string, run: Command['run']): Command => ({
			id: `order.${id}`,
			title,
			group: 'Order',
			keys,
			when: 'list',
			run,
		});
		return [
			key('next', 'j', 'Next event', () => setEvent(Math.max(0, Math.min(count - 1, event + 1)))),
			key('back', 'k', 'Event before', () => setEvent(Math.max(0, event - 1))),
			key('proof', 'p', 'Proof of this event', onTarget(proof)),
			key(
				'exceptions',
				'e',
				'Exceptions of this order',
				onTarget(({ orderId: order }) => go('exceptions', { order })),
			),
			key('finding', 'f', 'New finding with this evidence', onTarget(startFinding)),
			key('timeline', 't', 'Timeline of the order', () => setTab('timeline')),
			key('documents', 'd', 'Documents of the order', () => setTab('documents')),
			key('ledger', 'l', 'Ledger of the order', () => setTab('ledger')),
			key('raw', 'r', 'Stored lines of the order', () => setTab('raw')),
		];
	}, [file, orderId, standing, event, vault]);
}
