/** What an auditor does with a hub: connects by its fingerprint, pulls, tests, writes a finding where no network is, and hands it in. */
import { policyFingerprint, trustPolicy } from '#sync';
import { exceptionsApi } from '../../renderer/vault/exceptionsApi.ts';
import { findingsApi } from '../../renderer/vault/findingsApi.ts';
import { must, openStation, type Station, verdictsOf } from '../sync/station.ts';
import { ask, type HubProcess } from './hubProcess.ts';

export interface Day {
	readonly station: Station;
	readonly url: string;
	readonly token: string;
}

/** Takes the hub at its printed word: address, token, and the fingerprint that has to be that of the policy it shows. */
export async function connectByPaper(hub: HubProcess): Promise<Day> {
	const [url, token] = [hub.told('URL'), hub.told('Token')];
	const station = await openStation();
	const address = { url, bearer: token, caPem: null };
	const claim = must(await station.feed.inspect(address));
	const { log, keys, witnesses, quorum } = claim.policy;
	const judged = trustPolicy(log, keys, witnesses, quorum);
	if (!judged.ok || policyFingerprint(judged.value) !== hub.told('Fingerprint'))
		throw new Error('the hub shows another key than the one it printed');
	must(await station.feed.connect(address, claim.policy));
	return { station, url, token };
}

export interface Evidence {
	/** Lines taken in, by table. */
	readonly lines: Readonly<Record<string, number>>;
	readonly verdicts: ReturnType<typeof verdictsOf>;
	/** Lines whose sum, count or hash is not the declared one. */
	readonly differing: number | undefined;
}

export async function pullEvidence({ station }: Day): Promise<Evidence> {
	const pulled = await station.feed.pull();
	if (!pulled.ok) throw new Error(`${pulled.error.message} Last asked: ${JSON.stringify(station.asked.slice(-3))}`);
	const { imported } = pulled.value;
	const files = [...(station.vault.inside().evidence()?.drop.files ?? [])];
	const lines = Object.fromEntries(files.map(([table, file]) => [table, file.lines]));
	return { lines, verdicts: verdictsOf(station), differing: imported?.differing };
}

export interface Worked {
	readonly tests: number;
	readonly exceptions: number;
	readonly findingId: string;
}

/** Runs all audit tests and writes a finding over two of their exceptions. Asks the network nothing. */
export async function workOffline({ station }: Day, title: string): Promise<Worked> {
	const tests = (await station.runTests()).length;
	const exceptions = exceptionsApi(station.vault.context);
	const list = must(exceptions.open({}, []));
	const rows = must(exceptions.page(list.listId, 0, 2));
	const findings = findingsApi(station.vault.context);
	const findingId = must(await findings.create({ title, severity: 'high', exceptionKeys: rows.map(({ key }) => key) }));
	return { tests, exceptions: list.count, findingId };
}

/** The findings as the hub lists them for the company. */
export async function listedFindings({ url, token }: Day): Promise<unknown> {
	return await ask(url, token, '/v1/findings');
}
