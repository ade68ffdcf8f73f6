/**
 * PostgreSQL and RabbitMQ for the tests: those that answer on this machine, else ones of our own that stand in a folder of their own, on
 * ports of their own, and are gone afterwards. As root on Debian, what is not installed is fetched with apt.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import pg from 'pg';
import { freePort } from './freePort.ts';
import { hasProgram } from './outsideTools.ts';
import { isRoot, launch, type OwnServer, START_MS, startOwn } from './ownServer.ts';

export interface TestServer {
	readonly name: 'PostgreSQL' | 'RabbitMQ';
	/** May hold a password. Null: there is none, and `how` says why. */
	readonly url: string | null;
	/** One line for people. */
	readonly how: string;
	stop(): Promise<void>;
}

type Say = (line: string) => void;

const APT_TIMEOUT_MS = 600_000;
const nothingToStop = (): Promise<void> => Promise.resolve();

export async function bringPostgres(say: Say): Promise<TestServer> {
	const { PGHOST: host = '127.0.0.1', PGPORT: port = '5432', PGUSER: user = 'postgres' } = process.env;
	const usual = process.env['TIEOUT_TEST_POSTGRES'] ?? `postgres://${encodeURIComponent(user)}@${host}:${port}`;
	const found = await postgresVersion(usual);
	if (found !== null) return { name: 'PostgreSQL', url: usual, how: `${found} answers at ${host}:${port}`, stop: nothingToStop };
	const programs = postgresPrograms() ?? (install(['postgresql'], say) ? postgresPrograms() : null);
	if (programs === null) return missing('PostgreSQL', `none answers at ${host}:${port} as ${user}, and it is not installed`);
	const own = await startOwn('postgres', async (home, account) => {
		const data = join(home, 'data');
		const options = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
		const made = spawnSync(join(programs, 'initdb'), options, { ...account, stdio: 'ignore', timeout: START_MS });
		if (made.status !== 0) throw new Error('initdb failed');
		const at = await freePort();
		const child = launch(join(programs, 'postgres'), ['-D', data, '-k', home, '-h', '127.0.0.1', '-p', at], home, account);
		const url = `postgres://postgres@127.0.0.1:${at}`;
		// SIGINT is PostgreSQL's fast shutdown; SIGTERM waits for every connection.
		return { url, child, signal: 'SIGINT', version: () => postgresVersion(url), tidy: () => undefined };
	});
	return asTestServer('PostgreSQL', own);
}

export async function bringRabbit(say: Say): Promise<TestServer> {
	const usual = process.env['TIEOUT_TEST_AMQP'] ?? 'amqp://guest:guest@127.0.0.1:5672';
	const found = await rabbitVersion(usual);
	if (found !== null) return { name: 'RabbitMQ', url: usual, how: `${found} answers at ${new URL(usual).host}`, stop: nothingToStop };
	const program = '/usr/lib/rabbitmq/bin/rabbitmq-server';
	if (!existsSync(program)) install(['rabbitmq-server'], say);
	if (!existsSync(program)) return missing('RabbitMQ', `none answers at ${new URL(usual).host} as guest, and it is not installed`);
	const own = await startOwn('rabbitmq', async (home, account) => {
		const [at, names, peers] = [await freePort(), await freePort(), await freePort()];
		writeFileSync(join(home, 'plugins'), '[].\n');
		writeFileSync(join(home, 'empty.conf'), '');
		const env = {
			PATH: process.env['PATH'],
			HOME: home,
			RABBITMQ_NODENAME: `tieout${at}@localhost`,
			RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
			RABBITMQ_NODE_PORT: at,
			RABBITMQ_DIST_PORT: peers,
			RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
			RABBITMQ_LOG_BASE: join(home, 'log'),
			RABBITMQ_PID_FILE: join(home, 'pid'),
			RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
			RABBITMQ_CONFIG_FILE: join(home, 'empty.conf'),
			RABBITMQ_CONF_ENV_FILE: join(home, 'empty.conf'),
			ERL_EPMD_PORT: names,
			ERL_EPMD_ADDRESS: '127.0.0.1',
		};
		const child = launch(program, [], home, { ...account, env });
		const url = `amqp://guest:guest@127.0.0.1:${at}`;
		// Erlang's name server goes on by itself.
		const tidy = (): void => void spawnSync('epmd', ['-kill'], { env, stdio: 'ignore', timeout: 10_000 });
		return { url, child, signal: 'SIGTERM', version: () => rabbitVersion(url), tidy };
	});
	return asTestServer('RabbitMQ', own);
}

function asTestServer(name: TestServer['name'], own: OwnServer | string): TestServer {
	if (typeof own === 'string') return missing(name, own);
	return { name, url: own.url, how: `${own.version}, started for these tests`, stop: own.stop };
}

const missing = (name: TestServer['name'], why: string): TestServer => ({ name, url: null, how: `NOT HERE: ${why}`, stop: nothingToStop });

/** The folder with the newest `initdb`. */
function postgresPrograms(): string | null {
	const versions = '/usr/lib/postgresql';
	if (!existsSync(versions)) return null;
	const folders = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
	return folders.map((version) => join(versions, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
}

function install(packages: readonly string[], say: Say): boolean {
	if (!isRoot() || !hasProgram('apt-get')) return false;
	say(`installing ${packages.join(', ')} with apt-get …`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const apt = (...args: readonly string[]) => spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: APT_TIMEOUT_MS }).status === 0;
	const bring = () => apt('install', '-y', '-q', '--no-install-recommends', ...packages);
	return bring() || (apt('update', '-q') && bring());
}

/** Null where no server answers, or one that lets us make no databases. */
async function postgresVersion(url: string): Promise<string | null> {
	const client = new pg.Client({ connectionString: `${url}/postgres`, connectionTimeoutMillis: 3_000 });
	client.on('error', () => undefined);
	try {
		await client.connect();
		const { rows } = await client.query<{ version: string; may: boolean }>(
			"SELECT current_setting('server_version') AS version, rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user",
		);
		return rows[0]?.may ? `PostgreSQL ${rows[0].version}` : null;
	} catch {
		return null;
	} finally {
		await client.end().catch(() => undefined);
	}
}

async function rabbitVersion(url: string): Promise<string | null> {
	try {
		const connection = await connect(url, { timeout: 3_000 });
		const { version } = connection.connection.serverProperties;
		await connection.close();
		return `RabbitMQ ${version}`;
	} catch {
		return null;
	}
}
