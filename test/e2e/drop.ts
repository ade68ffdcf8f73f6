/** The drop of 2,000 orders that the journeys through an engagement share: written by whichever needs it first. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { writeSample } from '../../electron/services/writeSample.ts';

const ORDERS = 2000;

/** What the drop calls itself. */
export const DROP_ID = `northlight-2026-${ORDERS}-7-all`;

export interface JourneyDrop {
	readonly folder: string;
	/** The log's verifier key, as it would come in a letter. */
	readonly vkey: string;
}

/** Journeys run one file after the other, so nobody else writes it meanwhile. */
export async function journeyDrop(): Promise<JourneyDrop> {
	const folder = join(inject('scratch'), 'drop');
	const keyFile = join(inject('scratch'), 'drop.vkey');
	if (existsSync(keyFile)) return { folder, vkey: readFileSync(keyFile, 'utf8') };
	const written = await writeSample(folder, { orders: ORDERS, seed: 7, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	writeFileSync(keyFile, written.value.vkey);
	return { folder, vkey: written.value.vkey };
}
