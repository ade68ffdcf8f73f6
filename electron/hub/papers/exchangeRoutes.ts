/** Work papers as a file, for sites that no workstation's network reaches: the same file that laptops hand to each other, both ways. */
import { z } from 'zod';
import { formatInstant } from '#kernel';
import { type ExchangeCrypto, exchangeContent, openExchange, writeExchange } from '#sync';
import type { LogStore } from '../log/logPort.ts';
import { Refusal, refuse } from '../serving/problems.ts';
import { type Asked, json, OCTETS, principalOf, type Reply, type Route } from '../serving/route.ts';
import { signerOf } from './ordering.ts';
import type { Papers } from './papers.ts';
import { engagementOf } from './papersRoutes.ts';

export interface ExchangeParts {
	readonly papers: Papers;
	readonly log: LogStore;
	readonly crypto: ExchangeCrypto;
	/** Milliseconds since 1970. */
	now(): number;
}

const FILE_BYTES = 64 << 20;
/** Percent-encoded UTF-8; travels over TLS, and stands in no log. */
const PASSPHRASE = 'tieout-transfer-passphrase';
const PASSPHRASE_HEADER = { 'Tieout-Transfer-Passphrase': 'Percent-encoded UTF-8; needed' };
const PASSPHRASE_CHARS_MIN = 12;
const PASSPHRASE_CHARS_MAX = 1024;

export function exchangeRoutes(parts: ExchangeParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/engagements/:id/exchange',
			summary: 'All work papers of an engagement as an exchange file, encrypted under the passphrase of Tieout-Transfer-Passphrase',
			roles: ['auditor'],
			gives: OCTETS,
			reads: PASSPHRASE_HEADER,
			isEvidence: true,
			handle: (asked) => write(parts, asked),
		},
		{
			method: 'POST',
			path: '/v1/engagements/:id/exchange',
			summary: 'Takes an exchange file of a workstation, opened by the passphrase of Tieout-Transfer-Passphrase; merged as a push is',
			roles: ['auditor'],
			takes: [OCTETS],
			bodyBytes: FILE_BYTES,
			reads: PASSPHRASE_HEADER,
			refuses: ['conflict'],
			answer: z.object({ acts: z.int(), position: z.int() }),
			handle: (asked) => take(parts, asked),
		},
	];
}

async function write({ papers, log, crypto, now }: ExchangeParts, asked: Asked): Promise<Reply> {
	const { tenant } = principalOf(asked);
	const engagementId = engagementOf(asked);
	const passphrase = passphraseOf(asked, PASSPHRASE_CHARS_MIN);
	const state = await papers.state(tenant, engagementId);
	if (state?.self.kind !== 'hub') return refuse('not_found', 'This engagement was never pushed to this hub.');
	const signer = signerOf(log, tenant, state);
	const content = exchangeContent(state, signer, formatInstant(now()));
	const file = await writeExchange(content, { memberId: state.self.vkey, sign: signer.sign }, passphrase, crypto);
	return { type: OCTETS, body: file, evidence: { subject: `exchange file of ${engagementId}`, rows: content.acts.length } };
}

async function take({ papers, crypto }: ExchangeParts, asked: Asked): Promise<Reply> {
	const { tenant, id } = principalOf(asked);
	const opened = await openExchange(asked.body, passphraseOf(asked, 1), crypto);
	if (!opened.ok) return refuse('malformed', opened.error.message, { where: opened.error.code === 'not_opened' ? PASSPHRASE : 'body' });
	const taken = await papers.receive(tenant, id, engagementOf(asked), opened.value);
	if (!taken.ok) throw new Refusal(taken.error);
	return json(taken.value);
}

function passphraseOf({ headers }: Asked, charactersMin: number): string {
	const text = decoded(headers[PASSPHRASE] ?? '');
	const characters = text === null ? 0 : [...text.normalize('NFKC')].length;
	return text !== null && characters >= charactersMin && characters <= PASSPHRASE_CHARS_MAX
		? text
		: refuse('malformed', `Give the transfer passphrase, percent-encoded, of at least ${charactersMin} characters.`, { where: PASSPHRASE });
}

function decoded(header: string): string | null {
	try {
		return decodeURIComponent(header);
	} catch {
		return null;
	}
}
