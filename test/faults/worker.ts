/** Some of the runs, one after another against one hub; says what happened to its parent. */
import { dice } from '../electron/hub/log/faultyDisk.ts';
import { type FaultHub, hubInside, hubOutside } from './hubs.ts';
import { faultRun } from './run.ts';

export interface Told {
	readonly counts: Readonly<Record<string, number>>;
	/** Of each run that failed, with its seed. */
	readonly failures: readonly { readonly seed: number; readonly message: string }[];
}

const [kind = 'inside', from = '1', to = '2'] = process.argv.slice(2);

// What a person would wait for between two tries passes sooner here.
const { setTimeout: slow } = globalThis;
globalThis.setTimeout = Object.assign(
	(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => slow(run, ms >= 100 && ms <= 20_000 ? ms / 50 : ms, ...given),
	slow,
) as typeof slow;

// The free store advertises the paid one.
console.warn = (): void => undefined;

const counts: Record<string, number> = {};
const failures: { seed: number; message: string }[] = [];
const count = (what: string): void => {
	counts[what] = (counts[what] ?? 0) + 1;
};

const newHub = (seed: number): Promise<FaultHub> => (kind === 'outside' ? hubOutside() : hubInside(dice(seed)));
let hub = await newHub(Number(from));
for (let seed = Number(from); seed < Number(to); seed++) {
	try {
		await faultRun({ seed, hub, hubEnds: kind === 'outside' ? 'once' : 'maybe', count });
	} catch (error) {
		failures.push({ seed, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
		// Those that follow are judged by themselves.
		await hub.close().catch(() => undefined);
		hub = await newHub(seed);
	}
}
await hub.close();
process.send?.({ counts, failures } satisfies Told, () => process.exit(0));
