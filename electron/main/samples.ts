/** The made-up company, written outside the profile into a folder that goes with the program. */

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ipcError } from '#ipc';
import { err, ok } from '#kernel';
import { writeSample } from '../services/writeSample.ts';
import type { Handlers, MainContext } from './context.ts';
import type { DropStore } from './drops.ts';

export interface SampleWriter {
	readonly handlers: Handlers<'sample.prepare'>;
	/** Takes away every sample that is still there; at the program's end. */
	removeAll(): void;
}

export function makeSampleWriter(context: MainContext, drops: DropStore): SampleWriter {
	const folders = new Set<string>();
	let isBusy = false;
	const remove = async (folder: string): Promise<void> => {
		folders.delete(folder);
		await rm(folder, { recursive: true, force: true });
	};
	return {
		handlers: {
			'sample.prepare': async ({ orders, seed }) => {
				if (isBusy) return err(ipcError('busy', 'A sample is being written already. Wait until it is there.'));
				isBusy = true;
				try {
					const folder = await mkdtemp(join(tmpdir(), 'tieout-sample-'));
					folders.add(folder);
					const written = await writeSample(join(folder, 'sample'), { orders, seed, anomalies: 'all' }, ({ orders: done, of }) =>
						context.tell('progress', { job: 'sample', phase: 'writing the sample', done, total: of, unit: 'orders' }),
					);
					if (!written.ok) {
						await remove(folder);
						return err(
							ipcError(
								'cannot_write',
								'The sample could not be written to the folder for temporary files. Make room there, then try again.',
							),
						);
					}
					const { vkey, rows, bytes } = written.value;
					const name = `Sample, ${orders} orders`;
					const token = drops.add(join(folder, 'sample'), name, () => void remove(folder));
					return token.ok ? ok({ dropToken: token.value, name, vkey, orders: written.value.orders, rows, bytes }) : token;
				} finally {
					isBusy = false;
				}
			},
		},
		removeAll() {
			for (const folder of folders) rmSync(folder, { recursive: true, force: true });
			folders.clear();
		},
	};
}
