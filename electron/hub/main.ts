/** The hub from the command line. Secrets come from files and the environment, never from arguments. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { policyFingerprint, trustPolicy } from '#sync';
import { type Command, HELP, readCommand, Usage } from './commandLine.ts';
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

const DEMO = { tenant: 'northwind', company: 'Northwind Trading (made up)', log: 'northwind.example/o2c' };

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
	const command = readCommand(process.argv.slice(2), process.env);
	const { options, listen, broker } = command;
	if (options.help) {
		say(HELP);
		return;
	}
	const carriers = options.carriers === undefined ? [] : carriersOf(options.carriers);
	const hub = await openHub({
		folder: options.data ?? join(homedir(), options.demo ? '.tieout-hub-demo' : '.tieout-hub'),
		database: options.database ?? process.env['TIEOUT_HUB_DATABASE_URL'] ?? null,
		masterKeyFile: process.env['TIEOUT_HUB_MASTER_KEY_FILE'] ?? null,
		listen,
		tls: tlsOf(options),
		oidc: options.oidc === undefined ? [] : oidcOf(options.oidc),
		rateLimit: RATE_LIMIT,
		now: () => Date.now(),
		isLogging: !options.demo,
	});
	const stops: (() => Promise<void>)[] = [() => hub.close()];
	try {
		if (options.demo) await demo(hub, command.demo);
		else await serve(hub, command);
		if (broker !== null) {
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
		for (const { tenant, carrier } of carriers) {
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

async function serve(hub: Hub, { tenant, tokens }: Command): Promise<void> {
	if (tenant) await hub.addTenant({ ...tenant, entityIds: [], createdAt: Date.now() });
	const [wanted] = tokens;
	if (wanted && !(await tenantsOf(hub.database)).includes(wanted.tenant))
		throw new Usage(`There is no tenant ${wanted.tenant} here. Add it with --company and --log.`);
	for (const { id, role, ...of } of tokens)
		say(`Token of ${id} (${role}): ${await hub.issueToken({ ...of, id, name: id, role, expiresAt: null })}`);
}

async function demo(hub: Hub, { orders, seed }: Command['demo']): Promise<void> {
	const { tenant, company, log } = DEMO;
	await hub.addTenant({ tenant, company, log, entityIds: ['NW-US', 'NW-DE', 'NW-KW'], createdAt: Date.now() });
	if (hub.log.head(tenant, 'order_event').size === 0) {
		process.stderr.write(`Making the sample company (${orders} orders) and sending it to the hub …\n`);
		const began = performance.now();
		const loaded = await loadSample(hub, { tenant, orders, seed, anomalies: 'all' });
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

function tlsOf({ 'tls-cert': cert, 'tls-key': key, 'client-ca': clientCa }: Command['options']) {
	return cert === undefined || key === undefined ? null : readTls(cert, key, clientCa ?? null);
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
