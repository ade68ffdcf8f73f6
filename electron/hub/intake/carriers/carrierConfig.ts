/** Which carriers a hub asks, for which tenants: a JSON file, whose secrets lie in files of their own. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '#kernel';
import type { Carrier } from './carrierPoller.ts';
import { easyPostCarrier, fedExCarrier } from './openPoller.ts';

const common = {
	tenant: z.string().min(1).max(63),
	/** As `shipment.carrier` names it. */
	name: z.string().min(1).max(64),
	per_second: z.number().positive().max(1000).optional(),
	burst: z.int().min(1).max(1000).optional(),
	every_minutes: z.int().min(1).max(10_080).optional(),
};
const carriersSchema = z
	.array(
		z.discriminatedUnion('kind', [
			z.strictObject({ ...common, kind: z.literal('easypost'), base_url: z.url({ protocol: /^https?$/ }), key_file: z.string().min(1) }),
			z.strictObject({ ...common, kind: z.literal('fedex'), url: z.url({ protocol: /^https?$/ }), account_file: z.string().min(1) }),
		]),
	)
	.max(100);
type CarrierEntry = z.infer<typeof carriersSchema>[number];

const accountSchema = z.strictObject({ key: z.string(), password: z.string(), account: z.string(), meter: z.string() });

export interface ConfiguredCarrier {
	readonly tenant: string;
	readonly carrier: Carrier;
}

/** @returns the carriers, or one sentence on what is wrong; it never quotes a secret */
export function readCarriers(file: string): Result<readonly ConfiguredCarrier[], string> {
	const json = readJson(file);
	if (!json.ok) return json;
	const entries = carriersSchema.safeParse(json.value);
	if (!entries.success) return err(`${file} does not read: ${issueOf(entries.error)}.`);
	const carriers: ConfiguredCarrier[] = [];
	for (const entry of entries.data) {
		const carrier = carrierOf(entry, dirname(file));
		if (!carrier.ok) return carrier;
		carriers.push({ tenant: entry.tenant, carrier: carrier.value });
	}
	return ok(carriers);
}

function carrierOf(entry: CarrierEntry, folder: string): Result<Carrier, string> {
	const made = entry.kind === 'easypost' ? easyPostOf(entry, folder) : fedExOf(entry, folder);
	if (!made.ok) return made;
	const { rate, everyMs } = made.value;
	return ok({
		...made.value,
		rate: { burst: entry.burst ?? rate.burst, perSecond: entry.per_second ?? rate.perSecond },
		everyMs: entry.every_minutes === undefined ? everyMs : entry.every_minutes * 60_000,
	});
}

function easyPostOf(entry: Extract<CarrierEntry, { kind: 'easypost' }>, folder: string): Result<Carrier, string> {
	const key = readText(resolve(folder, entry.key_file));
	return key.ok ? ok(easyPostCarrier(entry.name, entry.base_url.replace(/\/$/, ''), key.value.trim())) : key;
}

function fedExOf(entry: Extract<CarrierEntry, { kind: 'fedex' }>, folder: string): Result<Carrier, string> {
	const file = resolve(folder, entry.account_file);
	const json = readJson(file);
	if (!json.ok) return json;
	const account = accountSchema.safeParse(json.value);
	return account.success ? ok(fedExCarrier(entry.name, entry.url, account.data)) : err(`${file} does not read: ${issueOf(account.error)}.`);
}

/** Where and what kind of thing is missing, never what stands there. */
const issueOf = ({ issues: [issue] }: z.ZodError): string => `${issue?.path.join('.') || 'the file'}: ${issue?.code ?? 'malformed'}`;

function readJson(file: string): Result<unknown, string> {
	const text = readText(file);
	if (!text.ok) return text;
	try {
		return ok(JSON.parse(text.value));
	} catch {
		return err(`${file} is not JSON.`);
	}
}

function readText(file: string): Result<string, string> {
	try {
		return ok(readFileSync(file, 'utf8'));
	} catch (error) {
		return err(`${file} can't be read (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}).`);
	}
}
