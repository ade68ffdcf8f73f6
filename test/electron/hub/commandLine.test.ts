import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HELP, OPTIONS, readCommand, Usage } from '../../../electron/hub/commandLine.ts';

const read = (line: string, environment = {}) => readCommand(line === '' ? [] : line.split(' '), environment);

describe('the hub’s command line', () => {
	it('says in its help every option there is, and every variable that is read', () => {
		for (const name of Object.keys(OPTIONS)) expect(HELP).toContain(`--${name}`);
		const folder = join(import.meta.dirname, '../../../electron/hub');
		const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
		const variables = sources.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<=(?:env|environment)\[')\w+/g) ?? []);
		expect(variables.length).toBeGreaterThan(2);
		for (const variable of variables) expect(HELP).toContain(variable);
	});

	it.each([
		['--port x', /--port/],
		['--port 65536', /--port/],
		['--port=-1', /--port/],
		['--port 1e3', /--port/],
		['--host 0.0.0.0', /--tls-cert/],
		['--tls-cert a', /go together/],
		['--client-ca a', /--tls-cert/],
		['--amqp', /TIEOUT_HUB_AMQP_URL/],
		['--demo --orders abc', /--orders/],
		['--demo --orders 0', /--orders/],
		['--demo --seed 99999999999', /--seed/],
		['--token auditor:ada', /--tenant/],
		['--tenant acme --token ada', /ROLE:ID/],
		['--tenant acme --token boss:ada', /roles are producer/],
		['--tenant acme --token auditor:Ada', /ROLE:ID/],
		['--tenant UPPER! --company X --log l', /--tenant/],
		['--tenant acme --company X', /go together/],
		['--log acme.example/o2c', /go together/],
		['--tenant acme --company X --log a+b', /--log/],
	])('refuses %s in words, before anything is opened', (line, words) => {
		expect(() => read(line)).toThrow(Usage);
		expect(() => read(line)).toThrow(words);
	});

	it('does not know what is no option, nor a word by itself', () => {
		for (const line of ['--nothing', '--demo positional']) expect(() => read(line)).toThrow(TypeError);
	});

	it('reads a tenant with its tokens, a broker and the demo', () => {
		expect(read('--tenant acme --company Acme --log acme.example/o2c --token auditor:ada --token producer:erp.1')).toMatchObject({
			tenant: { tenant: 'acme', company: 'Acme', log: 'acme.example/o2c' },
			tokens: [
				{ tenant: 'acme', role: 'auditor', id: 'ada' },
				{ tenant: 'acme', role: 'producer', id: 'erp.1' },
			],
			broker: null,
		});
		expect(read('--amqp', { TIEOUT_HUB_AMQP_URL: 'amqp://localhost' }).broker).toBe('amqp://localhost');
		expect(read('', { TIEOUT_HUB_AMQP_URL: 'amqp://localhost' }).broker).toBeNull();
		expect(read('--demo --orders 50 --port 0')).toMatchObject({ demo: { orders: 50, seed: 1 }, listen: { host: '127.0.0.1', port: 0 } });
	});
});
