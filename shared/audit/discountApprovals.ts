/** Who approved a discount, and in which role. */
import type { Population } from '#population';
import { codeFor, orderOfLine } from './billingLines.ts';

class DiscountApprovals {
	readonly rows: readonly number[];
	readonly #subjects: ReadonlySet<string>;

	constructor(rows: readonly number[], subjects: ReadonlySet<string>) {
		this.rows = rows;
		this.#subjects = subjects;
	}

	/** Whether some discount approval, by whomever, names the line, its order or its contract. */
	covers(population: Population, line: number): boolean {
		const lines = population.table('sales_order_line');
		const orders = population.table('sales_order');
		const orderId = lines.text('order_id', line) ?? '';
		const lineId = lines.text('line_id', line) ?? '';
		const contractId = orders.text('contract_id', population.derive(orderOfLine)[line] as number);
		const isLineUnique = population.index('sales_order_line', 'line_id').countOf(lines.codes('line_id')[line] as number) === 1;
		const names = [orderId, ...SEPARATORS.map((separator) => `${orderId}${separator}${lineId}`), ...(isLineUnique ? [lineId] : [])];
		return names.some((name) => this.#subjects.has(name)) || (contractId !== null && this.#subjects.has(contractId));
	}
}

/** How an approval may write the key of an order line. */
export const SEPARATORS = ['/', ':', '-', '#', '|', '.', ',', '_', ' ', ''];

export function discountApprovals(population: Population): DiscountApprovals {
	const approvals = population.table('approval');
	const discount = codeFor(approvals, 'subject_kind', 'discount');
	const kinds = approvals.codes('subject_kind');
	const rows: number[] = [];
	for (let row = 0; row < kinds.length; row++) if (kinds[row] === discount) rows.push(row);
	return new DiscountApprovals(rows, new Set(rows.map((row) => approvals.text('subject_id', row) ?? '')));
}

/** Whether the approver held the role `approver` when approving. */
export function isApprover(population: Population, approval: number): boolean {
	const approvals = population.table('approval');
	return heldRole(
		population,
		approvals.codes('approver_id')[approval] as number,
		'approver',
		approvals.instants('approved_at')[approval] as number,
	);
}

/** Whether a user (code) held a role at an instant: from valid_from on, before valid_to. */
export function heldRole(population: Population, user: number, role: string, at: number): boolean {
	const roles = population.table('user_role');
	const wanted = codeFor(roles, 'role', role);
	return population
		.index('user_role', 'user_id')
		.rowsOf(user)
		.some((row) => {
			const until = roles.instants('valid_to')[row] as number;
			return (
				roles.codes('role')[row] === wanted && (roles.instants('valid_from')[row] as number) <= at && (Number.isNaN(until) || at < until)
			);
		});
}
