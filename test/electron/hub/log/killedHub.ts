/** A hub's core as a process of its own, which seals without end, says what was acknowledged, and is killed by its test. */
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { createTenant } from '../../../../electron/hub/database/tenants.ts';
import { openLogStore } from '../../../../electron/hub/log/logStore.ts';
import { KEYS, LOG, orderEvent, TENANT } from './testHub.ts';

const [folder = '', life = ''] = process.argv.slice(2);
const database = await openDatabase(`pglite:${folder}/db`);
await createTenant(database, { tenant: TENANT, company: 'Acme', log: LOG, entityIds: [], createdAt: 1 });
const log = await openLogStore({ database, keys: KEYS, folder: `${folder}/logs`, now: Date.now });
process.stdout.write('ready\n');
for (let round = 0; ; round++) {
	const call = (no: number) =>
		log.append(
			TENANT,
			'order_event',
			Array.from({ length: 1 + (round % 50) }, (_, at) => orderEvent(`SO-${(no + at) % 20}`, { event_id: `${life}-${round}-${no}-${at}` })),
		);
	for (const sealed of await Promise.all([call(0), call(1)])) {
		process.stdout.write(sealed.map(({ index, leaf }) => `${index} ${Buffer.from(leaf).toString('hex')}\n`).join(''));
	}
}
