/** Writes a sample without the command line: `node build/sample.ts DIR ORDERS SEED none|all`. */
import { writeSample } from '../electron/services/writeSample.ts';

const [dir = 'out/sample', orders = '2000', seed = '1', anomalies = 'none'] = process.argv.slice(2);
const written = await writeSample(
	dir,
	{ orders: Number(orders), seed: Number(seed), anomalies: anomalies === 'all' ? 'all' : 'none' },
	(state) => process.stderr.write(`${state.orders} of ${state.of} orders, ${state.rows} rows\n`),
);
process.stdout.write(`${JSON.stringify(written.ok ? written.value : written.error)}\n`);
process.exitCode = written.ok ? 0 : 2;
