/** One order in hand: its timeline, documents, ledger and stored lines. Follows the list; J and K go through the events. */

import { ActionIcon, Tooltip } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { lackingOf } from '#explore';
import type { TableName } from '#model';
import { type Command, useCommands } from '../../app/commands.ts';
import { formatCount, formatDuration, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { OrderFile } from '../../vault/ordersApi.ts';
import { Documents } from './Documents.tsx';
import { Ledger } from './Ledger.tsx';
import orderStyles from './Order.module.css';
import { Raw } from './Raw.tsx';
import { Timeline } from './Timeline.tsx';

const TABS = [
	['timeline', 'Timeline'],
	['documents', 'Documents'],
	['ledger', 'Ledger'],
	['raw', 'Raw'],
] as const;

type PanelTab = (typeof TABS)[number][0];

export function OrderPanel({ orderId, onClose }: { orderId: string; onClose: () => void }) {
	const query = useQuery((vault) => vault.orders.dossier(orderId), [orderId], ['evidence', 'results', 'workbook']);
	return <Ask query={query}>{(file) => <OrderPart file={file} onClose={onClose} />}</Ask>;
}

function OrderPart({ file, onClose }: { file: OrderFile; onClose: () => void }) {
	const { dossier, timeline } = file;
	const [tab, setTab] = useState<PanelTab>('timeline');
	const [event, setEvent] = useState(0);
	const panel = useRef<HTMLDivElement>(null);
	// Another order begins with its first event.
	// biome-ignore lint/correctness/useExhaustiveDependencies: the order is what has changed
	useEffect(() => setEvent(0), [dossier.orderId]);
	usePanelCommands(file, event, setEvent, setTab);
	return (
		<div className={orderStyles['order']} ref={panel} data-keys="list">
			<header className={orderStyles['orderHead']}>
				<h2>{dossier.orderId}</h2>
				<OrderFacts file={file} />
				<Tabs label={`Order ${dossier.orderId}`} tabs={TABS} tab={tab} onTab={setTab} countOf={(id) => countOf(id, file)} />
				<Tooltip label="Close the panel">
					<ActionIcon aria-label="Close the panel" size={24} onClick={onClose}>
						<X size={14} />
					</ActionIcon>
				</Tooltip>
			</header>
			<div className={orderStyles['orderBody']} role="tabpanel" aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}>
				{timeline.note ? <p className={orderStyles['note']}>{timeline.note}</p> : null}
				{tab === 'timeline' ? <Timeline file={file} current={event} onCurrent={setEvent} /> : null}
				{tab === 'documents' ? <Documents file={file} /> : null}
				{tab === 'ledger' ? <Ledger dossier={dossier} /> : null}
				{tab === 'raw' ? <Raw orderId={dossier.orderId} /> : null}
			</div>
		</div>
	);
}

function countOf(id: PanelTab, { dossier }: OrderFile): string {
	if (id === 'timeline') return countIn(dossier, 'order_event', dossier.events.length);
	return id === 'documents' ? countIn(dossier, 'document', dossier.documents.length) : '';
}

/** “?” where nothing of a table is known: 0 would be a fact. */
function countIn(dossier: OrderFile['dossier'], table: TableName, count: number): string {
	const { notSupplied, setAside } = lackingOf(dossier, table);
	return count === 0 && notSupplied.length + setAside.length > 0 ? '?' : formatCount(count);
}

/** Who, how much, where it stands, and what is wrong with it, in one line. */
function OrderFacts({ file: { dossier, exceptions } }: { file: OrderFile }) {
	const go = useNav((nav) => nav.go);
	const cell = (name: string): string | null => dossier.order?.cells[name] ?? null;
	const [minor, currency] = [cell('total_minor'), cell('currency')];
	const open = dossier.holds.filter(({ cells }) => cells['closed_at'] === null).length;
	return (
		<div className={orderStyles['orderFacts']}>
			{dossier.isListed === false ? <VerdictBadge tone="fail">not among the sales orders</VerdictBadge> : null}
			{dossier.isListed === null ? (
				<VerdictBadge tone="neutral" glyph="?">
					not among the sales orders that could be read
				</VerdictBadge>
			) : null}
			<span>{dossier.customer?.cells['name'] ?? cell('customer_id') ?? ''}</span>
			{minor !== null && currency !== null ? <Money minor={BigInt(minor)} currency={currency} /> : null}
			<span>{cell('state') ?? ''}</span>
			{dossier.stale?.isStale ? (
				<VerdictBadge tone="warn" title="Audit test T58">
					Stale {formatDuration(dossier.stale.idleMs)} · limit {formatDuration(dossier.stale.limitMs)}
				</VerdictBadge>
			) : null}
			{open > 0 ? <VerdictBadge tone="hold">{plural(open, 'open hold')}</VerdictBadge> : null}
			{exceptions && exceptions.length > 0 ? (
				<button type="button" className={textStyles['link']} onClick={() => go('exceptions', { order: dossier.orderId })}>
					{plural(exceptions.length, 'exception')}: {[...new Set(exceptions.map(({ test }) => test))].join(', ')}
				</button>
			) : null}
		</div>
	);
}

function usePanelCommands(file: OrderFile, event: number, setEvent: (event: number) => void, setTab: (tab: PanelTab) => void): void {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { dossier, timeline } = file;
	useCommands(() => {
		const group = 'Order';
		const count = timeline.events.length;
		const current = timeline.events[event];
		const none = current ? null : 'The order has no events';
		const startFinding = async (): Promise<void> => {
			const begun = await vault.orders.beginFinding(dossier.orderId, current?.eventId ?? null);
			if (!begun.ok) {
				notify({ tone: 'failed', message: begun.error.message });
				return;
			}
			notify({ tone: 'done', message: `Finding begun with ${dossier.orderId} as evidence`, undo: 'finding.created' });
			go('findings', { finding: begun.value.findingId });
		};
		const commands: Command[] = [
			{
				id: 'order.next',
				title: 'Next event',
				group,
				keys: 'j',
				when: 'list',
				disabled: none,
				run: () => setEvent(Math.min(count - 1, event + 1)),
			},
			{
				id: 'order.back',
				title: 'Event before',
				group,
				keys: 'k',
				when: 'list',
				disabled: none,
				run: () => setEvent(Math.max(0, event - 1)),
			},
			{
				id: 'order.proof',
				title: 'Proof of this event',
				group,
				keys: 'p',
				when: 'list',
				disabled: none,
				run: () => go('integrity', { table: 'order_event', key: current?.eventId ?? '' }),
			},
			{
				id: 'order.exceptions',
				title: 'Exceptions of this order',
				group,
				keys: 'e',
				when: 'list',
				run: () => go('exceptions', { order: dossier.orderId }),
			},
			{ id: 'order.finding', title: 'New finding with this evidence', group, keys: 'f', when: 'list', run: startFinding },
			{ id: 'order.timeline', title: 'Timeline of the order', group, keys: 't', when: 'list', run: () => setTab('timeline') },
			{ id: 'order.documents', title: 'Documents of the order', group, keys: 'd', when: 'list', run: () => setTab('documents') },
			{ id: 'order.ledger', title: 'Ledger of the order', group, keys: 'l', when: 'list', run: () => setTab('ledger') },
			{ id: 'order.raw', title: 'Stored lines of the order', group, keys: 'r', when: 'list', run: () => setTab('raw') },
		];
		return commands;
	}, [file, event, vault]);
}
