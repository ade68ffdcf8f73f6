/** Keeps what a carrier answered: the bytes with their hash, and each scan that was not seen before as a row that names that hash. */
import { createHash } from 'node:crypto';
import { ok, type Result, utf8 } from '#kernel';
import type { Database } from '../../database/databasePort.ts';
import type { HubProblem } from '../../problem.ts';
import type { FieldVault } from '../fieldVault.ts';
import type { Intake, IntakeAnswer } from '../intakePort.ts';
import type { Parcel, Scan } from './tracking.ts';

export interface TrackingPorts {
	readonly database: Database;
	readonly vault: FieldVault;
	readonly intake: Intake;
}

export interface CarrierAnswer {
	readonly tenant: string;
	readonly carrier: string;
	readonly body: Uint8Array;
	readonly parcels: readonly Parcel[];
	/** Milliseconds since 1970. */
	readonly fetchedAt: number;
}

interface NewScan extends Scan {
	readonly trackingNo: string;
}

/** @returns what intake made of the new scans; null where there was none */
export async function keepTracking(ports: TrackingPorts, answer: CarrierAnswer): Promise<Result<IntakeAnswer | null, HubProblem>> {
	const { tenant, carrier, parcels, fetchedAt } = answer;
	const rawSha256 = await keepRaw(ports, answer);
	const scans = await unseenScans(ports.database, tenant, carrier, parcels);
	// A scan before the carrier has the parcel is no carrier event: it stays in the response, and is remembered as seen.
	const told = scans.filter(({ meaning }) => meaning !== 'not_yet_accepted');
	let taken: IntakeAnswer | null = null;
	if (told.length > 0) {
		const submitted = await ports.intake.submit({
			tenant,
			principal: `carrier:${carrier}`,
			idempotencyKey: `carrier:${rawSha256}`,
			channel: 'carrier',
			lane: 'telemetry',
			bytes: linesOf(told, carrier, rawSha256),
			traceparent: null,
			receivedAt: fetchedAt,
		});
		if (!submitted.ok) return submitted;
		taken = submitted.value;
	}
	await keepSeen(ports.database, tenant, carrier, scans, rawSha256, fetchedAt);
	return ok(taken);
}

/** The response holds names and addresses, so it is kept encrypted; its hash is over what the carrier sent. */
async function keepRaw({ database, vault }: TrackingPorts, { tenant, carrier, body, parcels, fetchedAt }: CarrierAnswer): Promise<string> {
	const sha256 = createHash('sha256').update(body).digest('hex');
	await database.query(
		`INSERT INTO carrier_raw (tenant, sha256, carrier, tracking_no, body, fetched_at) VALUES ($1, $2, $3, $4, $5, $6::bigint)
		 ON CONFLICT (tenant, sha256) DO NOTHING`,
		[tenant, sha256, carrier, parcels[0]?.trackingNo ?? '', vault.encrypt(tenant, body), String(fetchedAt)],
	);
	return sha256;
}

/** The bytes a carrier sent; null where there are none of this hash. */
export async function readRaw(
	{ database, vault }: Omit<TrackingPorts, 'intake'>,
	tenant: string,
	sha256: string,
): Promise<Uint8Array | null> {
	const [row] = await database.query<{ body: Uint8Array }>('SELECT body FROM carrier_raw WHERE tenant = $1 AND sha256 = $2', [
		tenant,
		sha256,
	]);
	return row ? vault.decrypt(tenant, row.body) : null;
}

async function unseenScans(database: Database, tenant: string, carrier: string, parcels: readonly Parcel[]): Promise<readonly NewScan[]> {
	const numbers = parcels.map(({ trackingNo }) => trackingNo);
	const rows = await database.query<{ tracking_no: string; at: string; code: string }>(
		'SELECT tracking_no, at, code FROM carrier_scan WHERE tenant = $1 AND carrier = $2 AND tracking_no = ANY($3::text[])',
		[tenant, carrier, numbers],
	);
	const seen = new Set(rows.map(({ tracking_no, at, code }) => nameOf(tracking_no, at, code)));
	return parcels.flatMap(({ trackingNo, scans }) =>
		scans.flatMap((scan): NewScan[] => {
			const name = nameOf(trackingNo, scan.at, scan.code);
			if (seen.has(name)) return [];
			seen.add(name);
			return [{ ...scan, trackingNo }];
		}),
	);
}

const nameOf = (trackingNo: string, at: string, code: string): string => JSON.stringify([trackingNo, at, code]);

/** A word without a certain meaning goes through as it is: intake sets it aside where everybody sees it, and nothing is guessed. */
function linesOf(scans: readonly NewScan[], carrier: string, rawSha256: string): Uint8Array {
	const lines = scans.map(({ trackingNo, at, code, meaning, description }) => {
		const record = {
			tracking_no: trackingNo,
			status: meaning ?? `${carrier}:${code}`,
			at,
			raw_sha256: rawSha256,
			carrier_code: code,
			carrier_text: description.toWellFormed(),
		};
		return JSON.stringify({ table: 'carrier_event', record });
	});
	return utf8(`${lines.join('\n')}\n`);
}

async function keepSeen(
	database: Database,
	tenant: string,
	carrier: string,
	scans: readonly NewScan[],
	rawSha256: string,
	fetchedAt: number,
): Promise<void> {
	if (scans.length === 0) return;
	await database.query(
		`INSERT INTO carrier_scan (tenant, carrier, tracking_no, at, code, status, raw_sha256, seen_at)
		 SELECT $1, $2, s.tracking_no, s.at, s.code, s.status, $3, $4::bigint
		 FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS s (tracking_no, at, code, status)
		 ON CONFLICT (tenant, carrier, tracking_no, at, code) DO NOTHING`,
		[
			tenant,
			carrier,
			rawSha256,
			String(fetchedAt),
			scans.map(({ trackingNo }) => trackingNo),
			scans.map(({ at }) => at),
			scans.map(({ code }) => code),
			scans.map(({ meaning }) => meaning),
		],
	);
}
