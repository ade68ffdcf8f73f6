/** `tieout sample`: the evidence drop of a made-up company. */
import { writeSample } from '../services/writeSample.ts';
import { countOption, textOption } from './commandLine.ts';
import type { CommandContext } from './context.ts';
import { count } from './describeAudit.ts';
import { EXIT, type ExitStatus, refuse } from './exit.ts';

const ORDERS_MAX = 10_000_000;

export async function sampleCommand(context: CommandContext): Promise<ExitStatus> {
	const orders = countOption(context.options, 'orders', 2000, 1, ORDERS_MAX);
	const seed = countOption(context.options, 'seed', 1, 0, 0xffff_ffff);
	const anomalies = textOption(context.options, 'anomalies') ?? 'none';
	if (anomalies !== 'none' && anomalies !== 'all') return refuse(`--anomalies is "${anomalies}"; expected none or all.`);
	const written = await writeSample(context.operand, { orders, seed, anomalies }, ({ orders: done, of }) => {
		// Thrown through the writer, which then takes away what it had begun.
		if (context.signal.aborted) refuse('cancelled; nothing was written.');
		context.progress.report('writing the sample', done, of, 'orders');
	});
	context.progress.end();
	if (!written.ok) return refuse(written.error.message);
	const { rows, documents, vkey, planted } = written.value;
	const text = [
		`${context.operand}: ${count(written.value.orders, 'order')}, ${count(rows, 'row')}, ${count(documents, 'document')}, ${planted === 0 ? 'no anomaly planted' : `${count(planted, 'planted anomaly').replace('anomalys', 'anomalies')} (answers.json)`}`,
		`log key (give it to verify and audit with --key): ${vkey}`,
	];
	await context.write(`${text.join('\n')}\n`, null);
	return EXIT.done;
}
