/** The hub from the command line. Secrets come from files and the environment, never from arguments. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { policyFingerprint, trustPolicy } from '#sync';
import { loadSample } from './demo/loadSample.ts';
import { type Hub, openHub } from './hub.ts';
import { RATE_LIMIT } from './hubOptions.ts';
import { openConsumer } from './intake/amqp/openConsumer.ts';
import { type ConfiguredCarrier, readCarriers } from './intake/carriers/carrierConfig.ts';
import { openPoller } from './intake/carriers/openPoller.ts';
import { endOfDay, tenantsOf } from './jobs/hubJobs.ts';
import { oidcConfigSchema } from './serving/oidc.ts';
import { readTls } from './serving/tlsFiles.ts';
import { StartRefusal } from './startRefusal.ts';
import type { HubRole } from './types.ts';

const HELP = `The Tieout hub: takes a company's order events in, seals them, and serves auditors.

  npm run hub -- --demo                     a made-up company on the embedded engine; prints address, token and fingerprint
  npm run hub -- [options]                  serves what the data folder holds

  --data DIR            where everything lies (default: ~/.tieout-hub)
  --database URL        postgres://… instead of the embedded engine; a password comes from PGPASSWORD or TIEOUT_HUB_DATABASE_URL
  --host NAME --port N  where it listens (default 127.0.0.1, 8470; 0 takes any free port)
  --tls-cert FILE --tls-key FILE [--client-ca FILE]
                        TLS, and with a client authority mutual TLS. Needed to listen on anything but this machine
  --oidc FILE           identity providers, as JSON: [{issuer, audience, jwks, tenants, …}]
  --amqp                takes messages from RabbitMQ at TIEOUT_HUB_AMQP_URL
  --amqp-prefix NAME    first part of every name at the broker (default tieout), where several hubs share one
  --carriers FILE       carriers to ask about parcels, as JSON: [{tenant, name, kind: easypost|fedex, base_url|url, key_file|account_file, …}]
  --tenant NAME --company TEXT --log NAME
                        adds a tenant at the start, if it is not there
  --token ROLE:ID       with --tenant: prints a new access token; roles are producer, portal, auditor, compliance, operator, witness
  --orders N --seed N   of the demo (default 2000, 1)
`;

const ROLES: readonly HubRole[] = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'];
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const DEMO = { tenant: 'northwind', company: 'Northwind Trading (made up)', log: 'northwind.example/o2c' };

const OPTIONS = {
	demo: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
	data: { type: 'string' },
	database: { type: 'string' },
	host: { type: 'string', default: '127.0.0.1' },
	port: { type: 'string', default: '8470' },
	'tls-cert': { type: 'string' },
	'tls-key': { type: 'string' },
	'client-ca': { type: 'string' },
	oidc: { type: 'string' },
	amqp: { type: 'boolean', default: false },
	'amqp-prefix': { type: 'string', default: 'tieout' },
	carriers: { type: 'string' },
	tenant: { type: 'string' },
	company: { type: 'string' },
	log: { type: 'string' },
	token: { type: 'string', multiple: true },
	orders: { type: 'string', default: '2000' },
	seed: { type: 'string', default: '1' },
	'exit-after-ready': { type: 'boolean', default: false },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

class Usage extends Error {}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
	const { values: options } = parseArgs({ options: OPTIONS, strict: true });
	if (options.help) {
		say(HELP);
		return;
	}
	const hub = await openHub({
		folder: options.data ?? join(homedir(), options.demo ? '.tieout-hub-demo' : '.tieout-hub'),
		database: options.database ?? process.env['TIEOUT_HUB_DATABASE_URL'] ?? null,
		masterKeyFile: process.env['TIEOUT_HUB_MASTER_KEY_FILE'] ?? null,
		listen: listenOf(options),
		tls: tlsOf(options),
		oidc: options.oidc === undefined ? [] : oidcOf(options.oidc),
		rateLimit: RATE_LIMIT,
		now: () => Date.now(),
		isLogging: !options.demo,
	});
	const stops: (() => Promise<void>)[] = [() => hub.close()];
	try {
		if (options.demo) await demo(hub, options);
		else await serve(hub, options);
		const broker = process.env['TIEOUT_HUB_AMQP_URL'];
		if (options.amqp && broker === undefined) throw new Usage('--amqp needs the broker’s address in TIEOUT_HUB_AMQP_URL.');
		if (options.amqp && broker !== undefined) {
			for (const tenant of await tenantsOf(hub.database)) {
				const consumer = openConsumer({
					url: broker,
					intake: hub.intake,
					tenant,
					principal: 'amqp',
					now: () => Date.now(),
					random: Math.random,
					prefix: options['amqp-prefix'],
				});
				stops.unshift(() => consumer.close());
			}
		}
		for (const { tenant, carrier } of options.carriers === undefined ? [] : carriersOf(options.carriers)) {
			const { database, keys: vault, intake } = hub;
			const poller = openPoller({ database, vault, intake, tenant, carrier, now: () => Date.now(), random: Math.random });
			stops.unshift(() => poller.close());
		}
		say(`Listening on ${hub.url ?? 'nothing'}`);
		if (!options['exit-after-ready']) await untilStopped();
	} finally {
		for (const stop of stops) await stop();
	}
}

async function serve(hub: Hub, { tenant, company, log, token = [] }: Options): Promise<void> {
	if (tenant !== undefined && company !== undefined && log !== undefined)
		await hub.addTenant({ tenant, company, log, entityIds: [], createdAt: Date.now() });
	if (token.length > 0 && tenant === undefined) throw new Usage('--token needs --tenant, whose token it is.');
	for (const wanted of token) {
		const [role, id = ''] = wanted.split(':');
		const known = ROLES.find((each) => each === role);
		if (!known || !/^[a-z0-9.-]{1,60}$/.test(id)) throw new Usage('--token reads ROLE:ID, such as auditor:ada.');
		say(`Token of ${id} (${known}): ${await hub.issueToken({ tenant: tenant ?? '', id, name: id, role: known, expiresAt: null })}`);
	}
}

async function demo(hub: Hub, { orders, seed }: Options): Promise<void> {
	const { tenant, company, log } = DEMO;
	await hub.addTenant({ tenant, company, log, entityIds: ['NW-US', 'NW-DE', 'NW-KW'], createdAt: Date.now() });
	if (hub.log.head(tenant, 'order_event').size === 0) {
		process.stderr.write(`Making the sample company (${orders} orders) and sending it to the hub …\n`);
		const began = performance.now();
		const loaded = await loadSample(hub, { tenant, orders: Number(orders), seed: Number(seed), anomalies: 'all' });
		const seconds = (performance.now() - began) / 1000;
		process.stderr.write(`${loaded.rows} rows and ${loaded.documents} documents in ${seconds.toFixed(1)} s; ${loaded.dead} dead letters\n`);
	}
	await endOfDay(
		{ database: hub.database, log: hub.log, intake: hub.intake, publications: hub.publications, now: () => Date.now() },
		tenant,
	);
	const token = await hub.issueToken({ tenant, id: 'demo-auditor', name: 'Demo auditor', role: 'auditor', expiresAt: null });
	const [key] = hub.log.keys(tenant).filter(({ to }) => to === null);
	const policy = trustPolicy(
		log,
		hub.log.keys(tenant).map(({ vkey, to }) => ({ vkey, until: to ?? {} })),
	);
	say(`Company      ${company}`);
	say(`URL          ${hub.url}`);
	say(`Token        ${token}`);
	say(`Log key      ${key?.vkey}`);
	say(`Fingerprint  ${policy.ok ? policyFingerprint(policy.value) : policy.error}`);
}

function listenOf({ host, port, ...options }: Options): { host: string; port: number } {
	const number = Number(port);
	if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Usage('--port is a number from 0 to 65535.');
	if (!LOOPBACK.has(host) && options['tls-cert'] === undefined)
		throw new Usage('To listen on more than this machine, give --tls-cert and --tls-key: evidence and tokens must not travel in clear.');
	return { host, port: number };
}

function tlsOf(options: Options) {
	const { 'tls-cert': cert, 'tls-key': key, 'client-ca': clientCa } = options;
	if (cert === undefined && key === undefined) return null;
	if (cert === undefined || key === undefined) throw new Usage('--tls-cert and --tls-key go together.');
	return readTls(cert, key, clientCa ?? null);
}

function carriersOf(file: string): readonly ConfiguredCarrier[] {
	const carriers = readCarriers(file);
	if (!carriers.ok) throw new Usage(carriers.error);
	return carriers.value;
}

function oidcOf(file: string) {
	try {
		return oidcConfigSchema.array().parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch (error) {
		throw new StartRefusal(`The identity providers in ${file} do not read: ${error instanceof Error ? error.message.slice(0, 200) : ''}`, {
			code: 'oidc_file',
			cause: error,
		});
	}
}

function untilStopped(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
	});
}

main().catch((error: unknown) => {
	const isTold = error instanceof StartRefusal || error instanceof Usage || (error instanceof TypeError && 'code' in error);
	process.stderr.write(
		`tieout hub: ${isTold ? (error as Error).message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = isTold ? 2 : 3;
});
