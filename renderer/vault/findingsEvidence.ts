/** What can be linked to a finding: exceptions and results of now, events and other lines of an order, documents of the drop. */
import { type EvidenceLink, inboxExceptions, VERDICT_WORDS } from '#findings';
import { ok } from '#kernel';
import type { Answer, OpenEngagement } from './contract.ts';
import { rawLines } from './ordersLines.ts';
import { refuse } from './vaultError.ts';

export interface EvidenceCandidate {
	readonly kind: EvidenceLink['kind'];
	readonly link: EvidenceLink;
	/** Beside the label, in one line. */
	readonly words: string;
}

const FOUND_MAX = 100;
const LABEL_MAX = 300;

/**
 * Up to a hundred pieces of evidence.
 * @param text for `row` the number of an order; else any part of a number, name or sentence
 */
export async function evidenceCandidates(
	engagement: OpenEngagement,
	kind: EvidenceLink['kind'],
	text: string,
): Promise<Answer<readonly EvidenceCandidate[]>> {
	const wanted = text.trim().toLowerCase();
	switch (kind) {
		case 'exception':
			return ok(exceptions(engagement, wanted));
		case 'result':
			return ok(results(engagement, wanted));
		case 'document':
			return documents(engagement, wanted);
		default:
			return await lines(engagement, text.trim());
	}
}

const says = (wanted: string, ...texts: readonly string[]): boolean =>
	wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted));

function exceptions(engagement: OpenEngagement, wanted: string): EvidenceCandidate[] {
	const result = engagement.results();
	if (!result) return [];
	const { judgements } = engagement.workbook();
	const found: EvidenceCandidate[] = [];
	const seen = new Set<string>();
	for (const { key, test, orderId, keys, reason } of inboxExceptions(result)) {
		const name = `${test} ${orderId ?? Object.values(keys).join('/')}`;
		if (seen.has(key) || !says(wanted, name, reason)) continue;
		seen.add(key);
		const verdict = judgements.get(key)?.verdict ?? 'new';
		found.push({
			kind: 'exception',
			link: { kind: 'exception', exceptionKey: key, label: name.slice(0, LABEL_MAX) },
			words: `${VERDICT_WORDS[verdict]} · ${reason}`,
		});
		if (found.length === FOUND_MAX) break;
	}
	return found;
}

function results(engagement: OpenEngagement, wanted: string): EvidenceCandidate[] {
	return (engagement.results()?.tests ?? [])
		.filter(({ test, title }) => says(wanted, test, title))
		.slice(0, FOUND_MAX)
		.map(({ test, title, verdict, exceptions: found, result_sha256 }) => ({
			kind: 'result',
			link: { kind: 'result', test, resultSha256: result_sha256, label: `Result of ${test} ${title}`.slice(0, LABEL_MAX) },
			words: `${verdict.replace('_', ' ')}, ${found.length} exceptions`,
		}));
}

function documents(engagement: OpenEngagement, wanted: string): Answer<readonly EvidenceCandidate[]> {
	const population = engagement.evidence()?.drop.population;
	if (!population) return refuse('no_evidence', 'There is no evidence yet. Import a drop on Data & IPE first.');
	if (!population.has('document')) return ok([]);
	const table = population.table('document');
	const found: EvidenceCandidate[] = [];
	const has = (column: string): boolean => table.has(column);
	for (let row = 0; row < table.rows && found.length < FOUND_MAX; row++) {
		const cell = (column: string): string => (has(column) ? (table.cellText(column, row) ?? '') : '');
		const [id, fileName, order, hash] = [cell('document_id'), cell('file_name'), cell('order_id'), cell('sha256')];
		if (hash === '' || !says(wanted, id, fileName, order, cell('kind'))) continue;
		found.push({
			kind: 'document',
			link: { kind: 'document', sha256: hash, fileName: fileName.slice(0, LABEL_MAX), label: (fileName || id).slice(0, LABEL_MAX) },
			words: [cell('kind').replaceAll('_', ' '), order].filter((part) => part !== '').join(' · '),
		});
	}
	return ok(found);
}

async function lines(engagement: OpenEngagement, orderId: string): Promise<Answer<readonly EvidenceCandidate[]>> {
	const loaded = engagement.evidence();
	if (!loaded) return refuse('no_evidence', 'There is no evidence yet. Import a drop on Data & IPE first.');
	if (orderId === '') return ok([]);
	const read = await rawLines(loaded, engagement.workbook(), orderId);
	if (!read.ok) return read.error.code === 'not_found' ? ok([]) : read;
	return ok(
		read.value.slice(0, FOUND_MAX).map(({ table, key, sha256, line }) => ({
			kind: 'row',
			link: { kind: 'row', table, key, sha256, label: `${table} ${key} of ${orderId}`.slice(0, LABEL_MAX) },
			words: `line ${line} of ${table}, order ${orderId}`,
		})),
	);
}
