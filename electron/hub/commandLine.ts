/** What the hub is told on the command line, checked whole before anything is opened. */
import { parseArgs } from 'node:util';
import { isTenantName } from './database/tenants.ts';
import type { HubRole } from './principal.ts';

export const HELP = `The Tieout hub: takes a company's order events in, seals them, and serves auditors.

  npm run hub -- --demo                     a made-up company on the embedded engine; prints address, token and fingerprint
  npm run hub -- [options]                  serves what the data folder holds; SIGTERM or Ctrl+C ends it in good order
  npm run hub -- --help                     this text

  --data DIR            where everything lies (default: ~/.tieout-hub, of the demo ~/.tieout-hub-demo)
  --database URL        postgres://… instead of the embedded engine; the data folder is needed beside it. A password comes from PGPASSWORD,
                        or with the whole address from TIEOUT_HUB_DATABASE_URL
  --host NAME --port N  where it listens (default 127.0.0.1, 8470; 0 takes any free port)
  --tls-cert FILE --tls-key FILE [--client-ca FILE]
                        TLS, and with a client authority mutual TLS. Needed to listen on anything but this machine
  --oidc FILE           identity providers, as JSON: [{issuer, audience, jwks, tenants, …}]
  --amqp                takes messages from RabbitMQ at TIEOUT_HUB_AMQP_URL
  --amqp-prefix NAME    first part of every name at the broker (default tieout), where several hubs share one
  --carriers FILE       carriers to ask about parcels, as JSON: [{tenant, name, kind: easypost|fedex, base_url|url, key_file|account_file, …}]
  --tenant NAME --company TEXT --log NAME
                        adds a tenant at the start, if it is not there: lower-case letters, digits and "-"
  --token ROLE:ID       with --tenant: prints a new access token, and ends an earlier one of that ID; may be given several times. Roles are
                        producer, portal, auditor, compliance, operator, witness
  --orders N --seed N   of the demo (default 2000, 1)
  --exit-after-ready    ends again once it listens: for adding tenants and tokens

  The master key lies in the data folder as master.key, or in the file that TIEOUT_HUB_MASTER_KEY_FILE names. Keep a copy of it apart:
  without it nothing that the hub holds opens.
`;

const ROLES: readonly HubRole[] = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'];
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const OPTIONS = {
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

/** Wrong use, in a sentence that says how to mend it. */
export class Usage extends Error {}

/** What the hub is asked to do, beside what is read from files. */
export interface Command {
	readonly options: Options;
	readonly listen: { readonly host: string; readonly port: number };
	/** Added at the start; null: none. */
	readonly tenant: { readonly tenant: string; readonly company: string; readonly log: string } | null;
	/** To be made anew, of that tenant. */
	readonly tokens: readonly { readonly tenant: string; readonly role: HubRole; readonly id: string }[];
	readonly demo: { readonly orders: number; readonly seed: number };
	/** Address of the broker; null: none. */
	readonly broker: string | null;
}

/** Throws `Usage`, and a `TypeError` of Node for what is no option. */
export function readCommand(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Command {
	const { values: options } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
	const broker = environment['TIEOUT_HUB_AMQP_URL'] ?? null;
	if (options.amqp && broker === null) throw new Usage('--amqp needs the broker’s address in TIEOUT_HUB_AMQP_URL.');
	if ((options['tls-cert'] === undefined) !== (options['tls-key'] === undefined)) throw new Usage('--tls-cert and --tls-key go together.');
	if (options['client-ca'] !== undefined && options['tls-cert'] === undefined)
		throw new Usage('--client-ca needs --tls-cert and --tls-key: without TLS nobody shows a certificate.');
	return {
		options,
		listen: listenOf(options),
		tenant: tenantOf(options),
		tokens: tokensOf(options),
		demo: { orders: numberOf('orders', options.orders, 1_000_000), seed: numberOf('seed', options.seed, 2 ** 31 - 1) },
		broker: options.amqp ? broker : null,
	};
}

function listenOf({ host, port, ...options }: Options): { host: string; port: number } {
	const number = Number(port);
	if (!/^\d{1,5}$/.test(port) || number > 65_535) throw new Usage('--port is a number from 0 to 65535.');
	if (!LOOPBACK.has(host) && options['tls-cert'] === undefined)
		throw new Usage('To listen on more than this machine, give --tls-cert and --tls-key: evidence and tokens must not travel in clear.');
	return { host, port: number };
}

function tenantOf({ tenant, company, log }: Options): Command['tenant'] {
	if (tenant !== undefined && !isTenantName(tenant))
		throw new Usage('--tenant is of lower-case letters, digits and "-", at most 63 of them.');
	if (company === undefined && log === undefined) return null;
	if (tenant === undefined || company === undefined || log === undefined)
		throw new Usage('--tenant, --company and --log go together: a tenant is added with all three.');
	if (company.trim() === '') throw new Usage('--company is the name of the company, and not empty.');
	// Key name of signed notes, and the first part of every log's origin.
	if (!/^[\x21-\x7e]{1,200}$/.test(log) || log.includes('+')) throw new Usage('--log reads like acme.example/o2c: no spaces, no "+".');
	return { tenant, company, log };
}

function tokensOf({ tenant, token = [] }: Options): Command['tokens'] {
	if (token.length === 0) return [];
	if (tenant === undefined) throw new Usage('--token needs --tenant, whose token it is.');
	return token.map((wanted) => {
		const [, name, id] = /^([a-z]+):([a-z0-9.-]{1,60})$/.exec(wanted) ?? [];
		const role = ROLES.find((each) => each === name);
		if (!role || id === undefined) throw new Usage(`--token reads ROLE:ID, such as auditor:ada; roles are ${ROLES.join(', ')}.`);
		return { tenant, role, id };
	});
}

function numberOf(name: string, text: string, most: number): number {
	const number = Number(text);
	if (!/^\d{1,10}$/.test(text) || number < 1 || number > most) throw new Usage(`--${name} is a number from 1 to ${most}.`);
	return number;
}
