/** One reconciliation a population and rule, kept until either changes, with the lists drawn from it. */
import {
	deltaOf,
	digestOf,
	type ReconcileDelta,
	type ReconcileFilter,
	type ReconcileSort,
	type ReconcileSummary,
	type Reconciliation,
	reconcile,
	reconcileItems,
	summarise,
	untoldSince,
} from '#explore';
import { ok } from '#kernel';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { type ExamineGround, examineGround, overridesOf, toleranceOf } from './examineGround.ts';
import { refuse } from './vaultError.ts';

export interface KeptReconciliation {
	readonly of: LoadedEvidence;
	readonly rule: string;
	readonly reconciliation: Reconciliation;
	readonly summary: ReconcileSummary;
	/** Against the import before; null where none is remembered. */
	readonly delta: ImportDelta | null;
	/** Item lists by filter and order, the newest last. */
	readonly lists: Map<string, Int32Array>;
}

/** What changed since the import before. */
export interface ImportDelta extends ReconcileDelta {
	/** Both were made by one rule. Where not, part of the change may be that of tolerance or parameters. */
	readonly isSameRule: boolean;
}

const LISTS_MAX = 6;

export function reconciliationGround(context: CoreContext) {
	let kept: KeptReconciliation | null = null;

	const ruleOf = ({ engagement }: ExamineGround): string =>
		JSON.stringify([
			overridesOf(engagement.workbook()),
			toleranceOf(engagement.workbook()).minorText,
			toleranceOf(engagement.workbook()).percentText,
		]);

	const make = async (on: ExamineGround, remembering: VaultEngagement): Promise<Answer<KeptReconciliation>> => {
		const { loaded, engagement } = on;
		const tolerance = toleranceOf(engagement.workbook());
		const { population, evidence } = loaded.drop;
		const reconciliation = reconcile(population, evidence, { overrides: overridesOf(engagement.workbook()), tolerance });
		if (!reconciliation)
			return refuse(
				'no_evidence',
				'The drop has no order lines with their orders and contracts, so there is no key to reconcile on. Ask for the tables.',
			);
		const [digest, rule] = [digestOf(reconciliation, loaded.importId), ruleOf(on)];
		// A full disk takes the comparison with the import before, never the reconciliation itself.
		const before = await remembering.reconciled.remember({ digest, rule }).catch(() => null);
		const delta =
			before === null
				? null
				: { ...deltaOf(before.digest, digest, untoldSince(before.digest, reconciliation)), isSameRule: before.rule === rule };
		return ok({ of: loaded, rule, reconciliation, summary: summarise(reconciliation, evidence), delta, lists: new Map() });
	};

	const ground = async (): Promise<Answer<{ readonly on: ExamineGround; readonly kept: KeptReconciliation }>> => {
		const open = context.open();
		const on = open.ok ? examineGround(context) : open;
		if (!open.ok || !on.ok) {
			kept = null;
			return on as Extract<typeof on, { ok: false }>;
		}
		if (kept?.of === on.value.loaded && kept.rule === ruleOf(on.value)) return ok({ on: on.value, kept });
		const made = await context.job('Reconciliation', async (job) => {
			job.progress('Orders, shipments, billing, revenue, ledger', 0, 0, '');
			return await make(on.value, open.value);
		});
		if (!made.ok) return made;
		kept = made.value;
		return ok({ on: on.value, kept: made.value });
	};

	const listOf = (
		{ lists, reconciliation }: KeptReconciliation,
		filter: ReconcileFilter,
		sort: ReconcileSort,
		isDescending: boolean,
	): Int32Array => {
		const name = JSON.stringify([filter, sort, isDescending]);
		let list = lists.get(name);
		if (!list) {
			list = reconcileItems(reconciliation, filter, sort, isDescending);
			lists.set(name, list);
			for (const oldest of lists.keys()) if (lists.size > LISTS_MAX) lists.delete(oldest);
		}
		return list;
	};

	return { ground, listOf };
}
