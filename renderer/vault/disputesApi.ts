/** Disputes and holds for the window: lists with their counts, dossiers, and findings begun from them. */
import { z } from 'zod';
import {
	type AgeBand,
	ageing,
	type DisputeBook,
	type DisputeDossier,
	type DisputeException,
	type DisputeFilter,
	type DisputeRow,
	type DisputeSort,
	type DisputeSupply,
	disputeBook,
	disputeDossier,
	disputeList,
	type HoldRow,
	holdRows,
	isOnly,
	whyUntold,
} from '#explore';
import { formatInstant, ok } from '#kernel';
import type { Answer, LoadedEvidence, VaultContext } from './contract.ts';
import { type ExamineGround, examineGround, type LinkedException, linkedException, overridesOf } from './examineGround.ts';
import { beginFinding } from './findingSeed.ts';
import { guarded, refuse } from './vaultError.ts';

const DISPUTE_VIEWS = [
	'open',
	'escalation_due',
	'released_without_evidence',
	'posted_under_dispute',
	'not_held',
	'with_exceptions',
] as const;
export type DisputeView = (typeof DISPUTE_VIEWS)[number];

export interface DisputesView {
	readonly count: number;
	/** All of them. */
	readonly of: number;
	/** How many each view has, whatever the one chosen; null where that can't be told. */
	readonly counts: Readonly<Record<DisputeView, number | null>>;
	/** Why a view can't be told. */
	readonly untold: Readonly<Partial<Record<DisputeView, string>>>;
	readonly ageing: readonly AgeBand[];
	/** Null where no holds were supplied. */
	readonly holds: { readonly count: number; readonly inForce: number; readonly setAside: number } | null;
	readonly supply: DisputeSupply;
	readonly notTold: DisputeBook['notTold'];
	readonly asOf: string;
	readonly version: string;
}

export interface DossierView extends DisputeDossier {
	/** The exceptions of the dossier, in its order, as results know them. */
	readonly linked: readonly LinkedException[];
	readonly asOf: number;
}

interface Kept {
	readonly of: LoadedEvidence;
	readonly rule: string;
	readonly book: DisputeBook;
	readonly holds: readonly HoldRow[] | null;
}

const PAGE_MAX = 2000;
const daysShape = z.number().int().nonnegative();
const filterShape = z.object({
	only: z.enum(DISPUTE_VIEWS).nullish(),
	text: z.string().max(200).optional(),
	age: z.object({ fromDays: daysShape, toDays: daysShape.nullable() }).nullish(),
});
const sortShape = z.enum(['age', 'amount', 'logged', 'order']);

export function disputesApi(context: VaultContext) {
	let kept: Kept | null = null;

	const ground = (): Answer<{ readonly on: ExamineGround; readonly kept: Kept }> => {
		const on = examineGround(context);
		if (!on.ok) {
			kept = null;
			return on;
		}
		const { loaded, engagement } = on.value;
		const overrides = overridesOf(engagement.workbook());
		const rule = JSON.stringify(overrides);
		if (kept?.of !== loaded || kept.rule !== rule) {
			const { population, evidence } = loaded.drop;
			const book = disputeBook(population, evidence, overrides);
			if (!book) return refuse('no_evidence', 'The drop has no disputes (table dispute). Ask for the table.');
			kept = { of: loaded, rule, book, holds: holdRows(population, evidence, overrides) };
		}
		return ok({ on: on.value, kept });
	};
	const answer = <T>(work: (on: ExamineGround, one: Kept) => Answer<T> | Promise<Answer<T>>): Promise<Answer<T>> =>
		guarded(async () => {
			const found = ground();
			return found.ok ? await work(found.value.on, found.value.kept) : found;
		});

	return {
		view(filter: DisputeFilter): Promise<Answer<DisputesView>> {
			return answer((on, { book, holds, rule }) => {
				const read = readFilter(filter);
				if (!read.ok) return read;
				return ok({
					...viewOf(book, holds, read.value),
					asOf: formatInstant(on.loaded.drop.population.asOf),
					version: `${on.loaded.importId}/${rule}`,
				});
			});
		},

		/** Disputes [from, to) of a view in an order, at most 2,000. */
		rows(
			filter: DisputeFilter,
			sort: DisputeSort,
			isDescending: boolean,
			from: number,
			to: number,
		): Promise<Answer<readonly DisputeRow[]>> {
			return answer((_, { book }) => {
				const [read, order] = [readFilter(filter), sortShape.safeParse(sort)];
				if (!read.ok) return read;
				if (!order.success) return refuse('invalid', 'The sort order can’t be read. Choose a column.');
				return ok(disputeList(book, read.value, order.data, isDescending).slice(Math.max(0, from), Math.min(to, from + PAGE_MAX)));
			});
		},

		/** Holds [from, to): those with exceptions first, then those in force, then the newest. */
		holds(from: number, to: number): Promise<Answer<readonly HoldRow[]>> {
			return answer((_, { holds }) =>
				ok(
					(holds ?? [])
						.toSorted(
							(a, b) =>
								Number(b.exceptions.length > 0) - Number(a.exceptions.length > 0) ||
								Number(a.closedAt !== null) - Number(b.closedAt !== null) ||
								b.openedAt - a.openedAt,
						)
						.slice(Math.max(0, from), Math.min(to, from + PAGE_MAX)),
				),
			);
		},

		dossier(disputeId: string): Promise<Answer<DossierView>> {
			return answer((on, { book }) => {
				const { population, evidence } = on.loaded.drop;
				const dossier = disputeDossier(population, evidence, book, disputeId);
				if (!dossier) return refuse('not_found', `There is no dispute ${disputeId} in the evidence.`);
				return ok({
					...dossier,
					asOf: population.asOf,
					linked: dossier.exceptions.map(({ test, orderId, keys }) => linkedException(on.engagement, test, orderId, keys)),
				});
			});
		},

		/** Begins a finding on a dispute, with its exceptions linked. */
		createFinding(disputeId: string): Promise<Answer<{ readonly findingId: string }>> {
			return answer((on, { book }) => {
				const row = book.rows.find((one) => one.disputeId === disputeId);
				if (!row) return refuse('not_found', `There is no dispute ${disputeId} in the evidence.`);
				const exceptions = book.exceptions.get(row.row) ?? [];
				return beginFinding(on.engagement, on.loaded, context.randomId, {
					title: `Dispute ${disputeId} on ${row.orderId ?? 'no order'}`,
					severity: 'high',
					condition:
						exceptions.map(({ sentence }) => sentence).join('\n') || `Dispute ${disputeId}, logged at ${formatInstant(row.loggedAt)}.`,
					criteria:
						'ASC 606-10-32-11 (constraint on variable consideration); AS 2401: release of disputed revenue on evidence and with two approvals.',
					rows: [{ table: 'dispute', row: row.row, label: `dispute ${disputeId}` }],
					exceptions: exceptions.map((one: DisputeException) => ({
						key: linkedException(on.engagement, one.test, one.orderId, one.keys).key,
						label: `${one.test} ${one.title}`,
					})),
				});
			});
		},
	};
}

function viewOf(book: DisputeBook, holds: Kept['holds'], filter: DisputeFilter): Omit<DisputesView, 'asOf' | 'version'> {
	const whys = DISPUTE_VIEWS.map((only) => [only, whyUntold(book, only)] as const);
	return {
		count: disputeList(book, filter, 'logged', true).length,
		of: book.rows.length,
		counts: Object.fromEntries(
			whys.map(([only, why]) => [only, why === null ? book.rows.filter((row) => isOnly(row, only)).length : null]),
		) as DisputesView['counts'],
		untold: Object.fromEntries(whys.filter(([, why]) => why !== null)) as DisputesView['untold'],
		ageing: ageing(book),
		holds: holds && {
			count: holds.length,
			inForce: holds.filter(({ closedAt }) => closedAt === null).length,
			setAside: book.supply.setAside.find(({ table }) => table === 'hold')?.lines ?? 0,
		},
		supply: book.supply,
		notTold: book.notTold,
	};
}

function readFilter(value: unknown): Answer<DisputeFilter> {
	const read = filterShape.safeParse(value);
	return read.success ? ok(read.data as DisputeFilter) : refuse('invalid', 'The filter can’t be read. Reset it.');
}
