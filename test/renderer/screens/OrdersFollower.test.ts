import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok } from '#kernel';
import { FOLLOW_MS, follower } from '../../../renderer/screens/Orders/follower.ts';
import { targetOf } from '../../../renderer/screens/Orders/usePanelCommands.ts';
import type { OrderFile } from '../../../renderer/vault/ordersApi.ts';

describe('the panel of orders', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	function followed(orderAt: (index: number) => Promise<string | null> = () => Promise.resolve(null)) {
		const [shown, behind]: [string[], boolean[]] = [[], []];
		return {
			shown,
			behind,
			...follower(
				(id) => shown.push(id),
				orderAt,
				(is) => behind.push(is),
			),
		};
	}

	it('means the row stood on at once, and shows it after a moment', async () => {
		const panel = followed();
		panel.stand(4, 'SO-4');
		panel.stand(5, 'SO-5');
		expect(panel.shown).toEqual([]);
		expect(await panel.standing()).toBe('SO-5');
		await vi.advanceTimersByTimeAsync(FOLLOW_MS);
		expect(panel.shown).toEqual(['SO-5']);
		expect(panel.standing()).toBeNull();
		expect(panel.behind).toEqual([true, false]);
	});

	it('waits for a row that is not loaded yet, and shows none that one has left', async () => {
		const answers = new Map<number, (id: string | null) => void>();
		const panel = followed((index) => new Promise((resolve) => answers.set(index, resolve)));
		panel.stand(900, null);
		await vi.advanceTimersByTimeAsync(FOLLOW_MS);
		const meant = panel.standing();
		panel.stand(901, null);
		await vi.advanceTimersByTimeAsync(FOLLOW_MS);
		answers.get(900)?.('SO-900');
		expect(await meant).toBe('SO-900');
		expect(panel.shown).toEqual([]);
		answers.get(901)?.('SO-901');
		await vi.advanceTimersByTimeAsync(0);
		expect(panel.shown).toEqual(['SO-901']);
	});

	it('stays behind a row that can’t be read: its keys mean no other order', async () => {
		const panel = followed(() => Promise.reject(new Error('no')));
		panel.stand(3, null);
		await vi.advanceTimersByTimeAsync(FOLLOW_MS);
		expect(await panel.standing()).toBeNull();
		expect(panel.standing()).not.toBeNull();
		expect(panel.shown).toEqual([]);
		panel.settle();
		expect(panel.standing()).toBeNull();
	});
});

describe('a key of the panel', () => {
	const fileOf = (orderId: string, ...events: string[]): OrderFile =>
		({ dossier: { orderId }, timeline: { events: events.map((eventId) => ({ eventId })) } }) as unknown as OrderFile;
	const file = fileOf('SO-1', 'e1', 'e2');
	const dossierOf = (orderId: string) => Promise.resolve(ok(fileOf(orderId, `first of ${orderId}`)));
	const never = (message: string): void => expect.unreachable(message);

	it('acts on the event that is shown while the panel is where one stands', async () => {
		const target = await targetOf({ file, orderId: 'SO-1', standing: () => null, event: 1 }, dossierOf, never);
		expect(target).toEqual({ orderId: 'SO-1', eventId: 'e2' });
	});

	it('acts on the row stood on while another order is shown, never with the evidence of the one before', async () => {
		const behind = { file, orderId: 'SO-1', standing: () => Promise.resolve('SO-2'), event: 1 };
		expect(await targetOf(behind, dossierOf, never)).toEqual({ orderId: 'SO-2', eventId: 'first of SO-2' });
		const fetching = { file, orderId: 'SO-3', standing: () => null, event: 1 };
		expect(await targetOf(fetching, dossierOf, never)).toEqual({ orderId: 'SO-3', eventId: 'first of SO-3' });
	});

	it('does nothing and says so where the row can’t be read', async () => {
		const said: string[] = [];
		const behind = { file, orderId: 'SO-1', standing: () => Promise.resolve(null), event: 0 };
		expect(await targetOf(behind, dossierOf, (message) => said.push(message))).toBeNull();
		expect(said).toHaveLength(1);
	});
});
