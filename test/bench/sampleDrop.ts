/** The sample drop that the benches read: written once and kept in .cache/bench, since writing it takes longer than reading it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeSample } from '../../electron/services/writeSample.ts';
import { inCount, inSeconds, type Print, sizeFrom } from './measure.ts';

export const SAMPLE_SEED = 5;
const ORDERS = 200_000;

const CACHE = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));

export interface BenchDrop {
	readonly dir: string;
	readonly orders: number;
}

/** With anomalies, so that tests and their peers have something to find. @param standard orders where the variable says nothing */
export async function sampleDrop(print: Print, standard = ORDERS): Promise<BenchDrop> {
	const orders = sizeFrom('TIEOUT_BENCH_ORDERS', standard);
	const dir = `${CACHE}drop-${orders}-${SAMPLE_SEED}`;
	if (existsSync(`${dir}/manifest.json`)) {
		print(`drop of ${inCount(orders)} sample orders, seed ${SAMPLE_SEED}, kept in .cache/bench from an earlier run`);
		return { dir, orders };
	}
	print(`writing a drop of ${inCount(orders)} sample orders, seed ${SAMPLE_SEED}, to .cache/bench (once) …`);
	const since = performance.now();
	const written = await writeSample(dir, { orders, seed: SAMPLE_SEED, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	print(`  ${inCount(written.value.rows)} rows written in ${inSeconds(performance.now() - since)}`);
	return { dir, orders };
}
