/** Variants: the distinct ways orders went, by how many went them. Ways that have not ended are told apart from those that have. */
import { stateTableOf, terminalStates } from '#orders';
import type { Population } from '#population';
import type { OrderPaths, OrderTable } from './ordersColumns.ts';
import { lastState, variantText } from './ordersPaths.ts';
import { isWhole } from './whole.ts';

export interface PathVariant {
	/** As a `variant` condition names it. */
	readonly text: string;
	readonly steps: readonly { readonly from: string; readonly to: string }[];
	readonly orders: number;
	/** Of all orders at hand, in thousandths of a percent: 100,000 is all. */
	readonly share: number;
	/**
	 * `violates`: a transition that no version of the state table has · `incomplete`: not ended yet, nothing unlawful so far ·
	 * `conforms`: ended, every transition in the table · `not_testable`: no state table, or no transitions, or the step or the rule that
	 * seems to be missing may be a line that was set aside.
	 */
	readonly conformance: 'conforms' | 'violates' | 'incomplete' | 'not_testable';
}

export interface VariantList {
	/** The most frequent first. */
	readonly variants: readonly PathVariant[];
	readonly rest: { readonly variants: number; readonly orders: number };
	readonly total: number;
	readonly orders: number;
}

const FULL_SHARE = 100_000;
const STEPS_SHOWN = 60;

/** @param most how many variants are listed; the rest is counted */
export function variantsOf(population: Population, table: OrderTable, rows: Int32Array, most: number): VariantList {
	const { paths } = table;
	if (paths === null) return { variants: [], rest: { variants: 0, orders: 0 }, total: 0, orders: rows.length };
	const { present, counts } = byFrequency(paths, rows);
	const judge = judgeOf(population, paths);
	const listed = present.slice(0, most);
	const variants = listed.map((variant) => ({
		text: variantText(paths.variants, variant, paths.states),
		steps: stepsOf(paths, variant),
		orders: counts[variant] as number,
		share: Math.round(((counts[variant] as number) * FULL_SHARE) / Math.max(1, rows.length)),
		conformance: judge(variant),
	}));
	const shown = variants.reduce((sum, { orders }) => sum + orders, 0);
	return {
		variants,
		rest: { variants: present.length - listed.length, orders: rows.length - shown },
		total: present.length,
		orders: rows.length,
	};
}

/** Of these rows, those that went one of the `most` most frequent ways. */
export function rowsOfVariants(table: OrderTable, rows: Int32Array, most: number): Int32Array {
	const { paths } = table;
	if (paths === null) return rows;
	const { present } = byFrequency(paths, rows);
	if (present.length <= most) return rows;
	const isKept = new Uint8Array(paths.variants.size);
	for (const variant of present.slice(0, most)) isKept[variant] = 1;
	return rows.filter((row) => isKept[paths.variantOf[row] as number] === 1);
}

/** The variants that the rows went, the most frequent first, and how many went each. */
function byFrequency(
	{ variants, variantOf }: OrderPaths,
	rows: Int32Array,
): { readonly present: readonly number[]; readonly counts: Int32Array } {
	const counts = new Int32Array(variants.size);
	for (let at = 0; at < rows.length; at++) {
		const variant = variantOf[rows[at] as number] as number;
		counts[variant] = (counts[variant] as number) + 1;
	}
	const present: number[] = [];
	for (let variant = 0; variant < counts.length; variant++) if ((counts[variant] as number) > 0) present.push(variant);
	present.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
	return { present, counts };
}

function stepsOf({ variants, states }: OrderPaths, variant: number): { from: string; to: string }[] {
	const start = variants.starts[variant] as number;
	const end = Math.min(variants.starts[variant + 1] as number, start + STEPS_SHOWN);
	return Array.from({ length: end - start }, (_, at) => {
		const from = variants.from[start + at] as number;
		return { from: from < 0 ? '' : states.key(from), to: states.key(variants.to[start + at] as number) };
	});
}

function judgeOf(population: Population, { variants }: OrderPaths): (variant: number) => PathVariant['conformance'] {
	if (!population.has('state_transition')) return () => 'not_testable';
	const states = stateTableOf(population);
	const terminal = terminalStates(population);
	const unlawful = isWhole(population, 'state_transition') ? 'violates' : 'not_testable';
	const broken = isWhole(population, 'order_event') ? 'violates' : 'not_testable';
	return (variant) => {
		const [start, end] = [variants.starts[variant] as number, variants.starts[variant + 1] as number];
		if (start === end) return 'not_testable';
		let standing = -1;
		for (let at = start; at < end; at++) {
			const [left, reached] = [variants.from[at] as number, variants.to[at] as number];
			if (left >= 0 && states.pair(left, reached) < 0) return unlawful;
			if (at > start && left !== standing) return broken;
			standing = reached;
		}
		return terminal[lastState(variants, variant)] === 1 ? 'conforms' : 'incomplete';
	};
}
