/** The spoiled company: every plant, in the order in which a stranger could do them. */
import { otherDrop } from './company.ts';
import { type Planted, spoiler } from './mischief.ts';
import { plantBooksAgain, plantTradingAgain } from './plantsAgain.ts';
import { plantBooks, plantReports } from './plantsBooks.ts';
import { plantEvents, plantFeed, sealTampering } from './plantsEvents.ts';
import { plantContracts, plantCutOff, plantDisputes } from './plantsRevenue.ts';
import { plantInvoices, plantMasters, plantQuantities } from './plantsSales.ts';
import type { World } from './world.ts';

export function plantedDrop(
	seed: number,
	count: number,
): { readonly files: Map<string, Uint8Array>; readonly planted: readonly Planted[] } {
	const planted: Planted[] = [];
	const taken = new Set<string>();
	const with_ = (world: World) => spoiler(world, planted, taken);
	let documents: ReadonlyMap<string, Uint8Array> = new Map();
	const sealing = sealTampering(planted, {
		[Symbol.iterator]: () => documents[Symbol.iterator](),
		keys: () => documents.keys(),
	} as ReadonlyMap<string, Uint8Array>);
	const files = otherDrop(seed, count, [], {
		trading: (world) => {
			documents = world.documents;
			const spoil = with_(world);
			world.tables['fx_rate'] = [{ currency: 'USD', quote: 'JPY', on: '2026-05-01', rate: '151.25', source: 'BoJ' }];
			for (const act of [plantDisputes, plantContracts, plantCutOff, plantMasters, plantQuantities, plantInvoices]) act(spoil);
		},
		books: (world) => plantBooks(with_(world)),
		reports: (world) => {
			plantReports(with_(world));
			plantEvents(with_(world));
		},
		feed: (world) => plantFeed(with_(world)),
		sealing,
	});
	return { files, planted };
}

/** The company spoiled by the second stranger, who works at the edges. */
export function plantedAgain(
	seed: number,
	count: number,
): { readonly files: Map<string, Uint8Array>; readonly planted: readonly Planted[] } {
	const planted: Planted[] = [];
	const taken = new Set<string>();
	const files = otherDrop(seed, count, [], {
		trading: (world) => plantTradingAgain(spoiler(world, planted, taken)),
		books: (world) => plantBooksAgain(spoiler(world, planted, taken)),
	});
	return { files, planted };
}
