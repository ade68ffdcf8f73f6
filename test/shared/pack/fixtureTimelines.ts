/** Orders of a made-up company, event by event. */
import type { OrderTimeline, TimelineEvent } from '#pack';
import { orderId, pad, sha } from './fixtureTests.ts';

const STATES = ['draft', 'booked', 'released', 'picking', 'shipped', 'on_hold', 'delivered', 'accepted'];

function event(n: number, seq: number): TimelineEvent {
	const [fromState, toState] = [STATES[seq - 1] ?? null, STATES[seq] ?? null];
	const isShipment = seq === 4;
	return {
		eventId: `EV-${n}-${seq}`,
		orderSeq: seq,
		lineId: isShipment ? '1' : null,
		type:
			['order.booked', 'order.released', 'order.picking', 'line.shipped', 'order.held', 'line.delivered', 'line.accepted'][seq - 1] ??
			'order.closed',
		fromState: seq === 1 ? null : fromState,
		toState,
		occurredAt: `2026-03-${pad(seq * 3 + n, 2)}T08:12:${pad(seq * 7, 2)}.000Z`,
		recordedAt: `2026-03-${pad(seq * 3 + n, 2)}T08:14:${pad(seq * 7, 2)}.250Z`,
		actorId: `u-${pad(seq, 3)}`,
		actorName: ['Élodie Lefèvre', 'Ж. Иванова', '王小明', 'svc-wms', 'Αθηνά Νικολάου', '김민수', 'J. Doe'][seq - 1] ?? null,
		actorRole: ['sales', 'credit', 'fulfilment', 'carrier', 'legal', 'carrier', 'service'][seq - 1] ?? 'system',
		sourceSystem: 'erp.sales',
		sourceSeq: 1_000 * n + seq,
		quantity: isShipment ? '12.5' : null,
		reasonCode: seq === 5 ? 'QUALITY_COMPLAINT' : null,
		correctsEventId: null,
		hashStatus: n === 2 && seq === 5 ? 'link_broken' : n === 3 ? 'not_verifiable' : seq === 6 && n === 4 ? 'withheld' : 'verified',
		leafHash: seq === 6 && n === 4 ? null : sha(`leaf ${n} ${seq}`),
		documents:
			seq === 6
				? [
						{
							documentId: `D-${n}`,
							kind: 'pod',
							fileName: `POD_${n} Übergabe.pdf`,
							sha256: sha(`pod ${n}`),
							datedAt: '2026-03-20T10:00:00.000Z',
							status: n === 5 ? 'missing' : 'present',
							attachment: n === 5 ? null : `documents__pod-${n}.pdf`,
						},
					]
				: [],
		ledger:
			seq === 7
				? [
						{
							kind: 'revenue',
							id: `RV-${pad(480 + n, 6)}`,
							action: 'recognise',
							amountMinor: 1_248_000n,
							currency: 'EUR',
							period: '2026-03',
							recognisedAt: '2026-03-31T23:58:00.000Z',
							postedAt: '2026-03-31T23:58:30.000Z',
						},
						{
							kind: 'journal',
							id: `JE-2026-03-${pad(n, 6)}/1`,
							account: '1400 receivable',
							debitMinor: 1_485_120n,
							creditMinor: 0n,
							currency: 'EUR',
							period: '2026-03',
							effectiveOn: '2026-03-31',
							description: 'Invoice IN-88121',
						},
						{
							kind: 'journal',
							id: `JE-2026-03-${pad(n, 6)}/2`,
							account: '4000 revenue',
							debitMinor: 0n,
							creditMinor: 1_248_000n,
							currency: 'EUR',
							period: '2026-03',
							effectiveOn: '2026-03-31',
							description: 'Invoice IN-88121',
						},
					]
				: [],
		citedBy: seq === 7 ? ['T16'] : [],
	};
}

export function timeline(n: number): OrderTimeline {
	return {
		orderId: orderId(n),
		facts: [
			{ label: 'Customer', value: n === 1 ? 'Müller & Söhne GmbH → Werk Ελευσίνα (C-104)' : `Customer ${n} (C-${n})` },
			{ label: 'State', value: 'accepted' },
			{ label: 'Total', value: '12,480.00 EUR' },
			{ label: 'Contract', value: 'K-77, control passes at acceptance, billed on delivery' },
		],
		events: n === 6 ? [] : Array.from({ length: n === 7 ? 3 : 7 }, (_, i) => event(n, i + 1)),
		documents:
			n === 1
				? [
						{
							documentId: 'D-91',
							kind: 'contract',
							fileName: 'K-77.pdf',
							sha256: sha('contract'),
							datedAt: null,
							status: 'redacted',
							attachment: null,
						},
					]
				: [],
		ledger:
			n === 2
				? [
						{
							kind: 'revenue',
							id: 'RV-000999',
							action: 'reverse',
							amountMinor: 5_000n,
							currency: 'EUR',
							period: '2026-04',
							recognisedAt: '2026-04-02T00:00:00.000Z',
							postedAt: '2026-04-02T00:00:00.000Z',
						},
					]
				: [],
		note: n === 7 ? 'The first 3 of 12 events are shown; the data files hold all of them.' : null,
	};
}
