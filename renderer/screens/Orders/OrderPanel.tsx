/** One order in hand: its timeline, documents, ledger and stored lines. Follows the list; J and K go through the events. */

import { ActionIcon, Tooltip } from '@mantine/core';
import { X } from 'lucide-react';
import { useState } from 'react';
import { lackingOf } from '#explore';
import type { TableName } from '#model';
import { formatCount, formatDuration, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { OrderFile } from '../../vault/ordersApi.ts';
import { Documents } from './Documents.tsx';
import type { Follower } from './follower.ts';
import { Ledger } from './Ledger.tsx';
import orderStyles from './Order.module.css';
import { Raw } from './Raw.tsx';
import { Timeline } from './Timeline.tsx';
import { type PanelTab, usePanelCommands } from './usePanelCommands.ts';

const TABS: readonly (readonly [PanelTab, string])[] = [
	['timeline', 'Timeline'],
	['documents', 'Documents'],
	['ledger', 'Ledger'],
	['raw', 'Raw'],
];

interface OrderPanelProps {
	readonly orderId: string;
	/** The list stands on another order, which the panel will follow to. */
	readonly isBehind: boolean;
	/** That order. */
	readonly standing: Follower['standing'];
	readonly onClose: () => void;
}

export function OrderPanel(props: OrderPanelProps) {
	const { orderId } = props;
	const query = useQuery((vault) => vault.orders.dossier(orderId), [orderId], ['evidence', 'results', 'workbook']);
	return <Ask query={query}>{(file) => <OrderPart {...props} file={file} />}</Ask>;
}

function OrderPart({ file, orderId, isBehind, standing, onClose }: OrderPanelProps & { file: OrderFile }) {
	const { dossier, timeline } = file;
	const [tab, setTab] = useState<PanelTab>('timeline');
	// Another order begins with its first event.
	const [stood, setStood] = useState({ orderId: dossier.orderId, event: 0 });
	const event = stood.orderId === dossier.orderId ? stood.event : 0;
	const setEvent = (next: number): void => setStood({ orderId: dossier.orderId, event: next });
	usePanelCommands({ file, orderId, standing, event, setEvent, setTab });
	const isOther = isBehind || dossier.orderId !== orderId;
	return (
		<div className={orderStyles['order']} data-keys="list" aria-busy={isOther}>
			<header className={orderStyles['orderHead']}>
				<h2>{dossier.orderId}</h2>
				<OrderFacts file={file} isOther={isOther} />
				<Tabs label={`Order ${dossier.orderId}`} tabs={TABS} tab={tab} onTab={setTab} countOf={(id) => countOf(id, file)} />
				<Tooltip label="Close the panel">
					<ActionIcon aria-label="Close the panel" size={24} onClick={onClose}>
						<X size={14} />
					</ActionIcon>
				</Tooltip>
			</header>
			<div
				className={orderStyles['orderBody']}
				inert={isOther}
				role="tabpanel"
				aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
				tabIndex={0}
			>
				{timeline.note ? <p className={orderStyles['note']}>{timeline.note}</p> : null}
				{tab === 'timeline' ? <Timeline file={file} current={event} onCurrent={setEvent} /> : null}
				{tab === 'documents' ? <Documents key={dossier.orderId} file={file} /> : null}
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
function OrderFacts({ file: { dossier, exceptions }, isOther }: { file: OrderFile; isOther: boolean }) {
	const go = useNav((nav) => nav.go);
	const cell = (name: string): string | null => dossier.order?.cells[name] ?? null;
	const [minor, currency] = [cell('total_minor'), cell('currency')];
	const open = dossier.holds.filter(({ cells }) => cells['closed_at'] === null).length;
	return (
		<div className={orderStyles['orderFacts']} inert={isOther}>
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
