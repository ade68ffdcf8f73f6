import { describe, expect, it } from 'vitest';
import { parseInstant } from '#kernel';
import type { Population } from '#population';
import { concededMovements, contractTransfers, type Movements, returnedMovements, shippedMovements } from '#revenue';
import { populateWhole, type Tables } from '../audit/populate.ts';
import { company, contract, dispute, event, line, order, shipment, ts } from '../audit/revenueFixture.ts';

const UNIT = 1_000_000n;
const at = (text: string): number => {
	const instant = parseInstant(ts(text));
	if (!instant.ok) throw new Error(`${text} is no instant`);
	return instant.value;
};
const populationOf = (tables: Tables): Population => populateWhole({ tables: company(tables) });
const steps = (movements: Movements, row = 0): [string, bigint][] => {
	const list: [string, bigint][] = [];
	for (let index = movements.startOf(row); index < movements.endOf(row); index++)
		list.push([
			new Date(movements.instants[index] as number).toISOString().slice(0, 16).replace('T', ' '),
			(movements.cumulative[index] as bigint) / UNIT,
		]);
	return list;
};
const transfersOf = (term: string, tables: Tables, row = 0) => {
	const transfers = contractTransfers(populationOf({ contract: [contract({ transfer_term: term })], ...tables }));
	return { steps: steps(transfers.movements, row), inferred: transfers.inferred[row] !== 0 };
};

describe('control transfer', () => {
	const shipments = [shipment('S2', '6', '2026-03-10 12:00'), shipment('S1', '4', '2026-03-05 12:00')];

	it('is the shipment where the contract says shipment', () => {
		expect(transfersOf('shipment', { shipment: shipments })).toEqual({
			steps: [
				['2026-03-03 12:00', 4n],
				['2026-03-08 12:00', 10n],
			],
			inferred: false,
		});
	});

	it('is the delivery where it says delivery, and goods on their way have not been transferred', () => {
		const onTheWay = [...shipments.slice(1), shipment('S3', '6', null)];
		expect(transfersOf('delivery', { shipment: onTheWay })).toEqual({ steps: [['2026-03-05 12:00', 4n]], inferred: false });
	});

	it('is the accepted event where it says acceptance; without a quantity it accepts the rest', () => {
		const events = [
			event('line.accepted', '2026-03-12 09:00', { line_id: 'L1', quantity: '4' }),
			event('line.accepted', '2026-03-14 09:00', { line_id: 'L1' }),
		];
		expect(transfersOf('acceptance', { shipment: shipments, order_event: events }).steps).toEqual([
			['2026-03-12 09:00', 4n],
			['2026-03-14 09:00', 10n],
		]);
	});

	it('is of all lines where the accepted event names none', () => {
		const tables = {
			sales_order_line: [line(), line({ line_id: 'L2', quantity: '3' })],
			order_event: [event('line.accepted', '2026-03-12 09:00')],
		};
		expect(transfersOf('acceptance', tables, 0).steps).toEqual([['2026-03-12 09:00', 10n]]);
		expect(transfersOf('acceptance', tables, 1).steps).toEqual([['2026-03-12 09:00', 3n]]);
	});

	it('is inferred from order states where a line has no movement of its own, and says so', () => {
		const events = [
			event('order.picking', '2026-03-03 09:00', { to_state: 'picking' }),
			event('order.fulfilled', '2026-03-12 09:00', { to_state: 'delivered' }),
		];
		expect(transfersOf('delivery', { order_event: events })).toEqual({ steps: [['2026-03-12 09:00', 10n]], inferred: true });
	});

	it('is not inferred from a return to a state, nor for a line that has shipments', () => {
		const resolved = [event('order.dispute_resolved', '2026-03-12 09:00', { to_state: 'delivered' })];
		expect(transfersOf('delivery', { order_event: resolved }).steps).toEqual([]);
		const delivered = [event('line.delivered', '2026-03-12 09:00', { line_id: 'L1', to_state: 'delivered' })];
		expect(transfersOf('delivery', { shipment: [shipment('S3', '6', null)], order_event: delivered }).steps).toEqual([]);
	});

	it('has no term where the contract is unknown', () => {
		const { term } = contractTransfers(populationOf({ sales_order: [order({ contract_id: 'CT-9' })] }));
		expect(term[0]).toBe(-1);
	});
});

describe('movements', () => {
	it('tell the quantity by an instant, and the movement that reaches a quantity', () => {
		const { movements } = shippedMovements(
			populationOf({ shipment: [shipment('S1', '4', '2026-03-05'), shipment('S2', '6', '2026-03-10')] }),
		);
		expect(movements.quantityBy(0, at('2026-03-03') - 1)).toBe(0n);
		expect(movements.quantityBy(0, at('2026-03-03'))).toBe(4n * UNIT);
		expect(movements.total(0)).toBe(10n * UNIT);
		expect(movements.reaching(0, 4n * UNIT)).toBe(0);
		expect(movements.reaching(0, 4n * UNIT + 1n)).toBe(1);
		expect(movements.reaching(0, 11n * UNIT)).toBe(-1);
	});

	it('do not overflow on hostile quantities', () => {
		const many = Array.from({ length: 12 }, (_, index) => shipment(`S${index}`, '999999999999', '2026-03-05'));
		expect(shippedMovements(populationOf({ shipment: many })).movements.total(0)).toBe(1n << 62n);
	});

	it('keep what was returned, and what disputes conceded', () => {
		const population = populationOf({
			order_event: [event('line.returned', '2026-04-01', { line_id: 'L1', quantity: '3' })],
			dispute: [
				dispute('2026-04-02', { status: 'resolved_customer', disputed_quantity: '2' }),
				dispute('2026-04-03', { dispute_id: 'D-2', status: 'resolved_company', disputed_quantity: '5' }),
			],
		});
		expect(steps(returnedMovements(population))).toEqual([['2026-04-01 00:00', 3n]]);
		expect(steps(concededMovements(population))).toEqual([['2026-04-02 00:00', 2n]]);
	});
});
