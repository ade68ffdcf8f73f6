/** Collects what is wrong with a sealed table while its lines go by, and words it once all are known. */
import type { Json } from '#kernel';
import { type BrokenLink, judgeLinks, type LoggedLines } from './logKernelChain.ts';
import { shown } from './logKernelLine.ts';
import { type LineFault, type LineFaultCode, MAX_KEPT_FAULTS, type NotCanonicalWhy, quoted } from './logKernelReport.ts';
import { SequenceJudge } from './logKernelSequence.ts';

export interface JudgedFaults {
	readonly faults: readonly LineFault[];
	readonly faultCount: number;
	readonly faultCounts: Readonly<Record<LineFaultCode, number>>;
}

const CODES: readonly LineFaultCode[] = ['not_canonical', 'chain_break', 'sequence_gap', 'duplicate'];

/** Lines come in file order, 1-based. What exceeds the number of faults kept is counted. */
export class FaultLedger {
	readonly #faults: LineFault[] = [];
	readonly #breaks: BrokenLink[] = [];
	readonly #strays: number[] = [];
	readonly #sequence = new SequenceJudge();
	readonly #overflow: Record<LineFaultCode, number> = { not_canonical: 0, chain_break: 0, sequence_gap: 0, duplicate: 0 };
	readonly #kept: Record<LineFaultCode, number> = { not_canonical: 0, chain_break: 0, sequence_gap: 0, duplicate: 0 };

	notCanonical(line: number, why: NotCanonicalWhy, orderId: string | null): void {
		this.#add({ line, code: 'not_canonical', why, orderId, expected: null, found: null, suspectLine: line });
	}

	/** A line that could not be read: it belongs to no order. */
	stray(line: number): void {
		if (this.#strays.length < MAX_KEPT_FAULTS) this.#strays.push(line);
	}

	/** A record that cannot be put into a chain. */
	unchained(line: number, why: 'no_order_id' | 'too_many_orders', orderId: string | null): void {
		this.stray(line);
		this.#add({ line, code: 'chain_break', why, orderId, expected: null, found: null, suspectLine: line });
	}

	/** Whether so many links are broken that a further one need not be read, because nothing of it is kept. */
	onlyCountsBreaks(): boolean {
		return this.#breaks.length >= MAX_KEPT_FAULTS;
	}

	countBreak(): void {
		this.#overflow.chain_break++;
	}

	brokenLink(link: BrokenLink): void {
		if (this.onlyCountsBreaks()) this.countBreak();
		else this.#breaks.push({ ...link, orderId: quoted(link.orderId), prev: link.prev === null ? null : quoted(link.prev) });
	}

	/**
	 * Judges the `order_seq` of an order's next line.
	 * @param before the order's last number so far, used at its first call only
	 * @returns whether numbers were left out
	 */
	sequence(line: number, order: number, orderId: string, before: number, value: Json | undefined): boolean {
		const fault = this.#sequence.judge(order, before, Number.isSafeInteger(value) ? (value as number) : null);
		if (fault === null) return false;
		const found = shown(value);
		const { expected, ...verdict } = fault;
		this.#add({ line, orderId, expected: String(expected), found, suspectLine: line, ...verdict });
		return fault.why === 'seq_gap';
	}

	/** @param lines asked for only if a link is broken */
	conclude(lines: () => LoggedLines): JudgedFaults {
		const links = this.#breaks.length === 0 ? [] : judgeLinks(this.#breaks, this.#strays, lines());
		const repeats = new Set(links.flatMap((fault) => (fault.why === 'line_repeat' ? [fault.line] : [])));
		// A line that repeats another byte for byte repeats its number too: one fault says it.
		const others = this.#faults.filter(({ line, why }) => why !== 'seq_repeat' || !repeats.has(line));
		const all = [...others, ...links].sort((a, b) => a.line - b.line || CODES.indexOf(a.code) - CODES.indexOf(b.code));
		const faultCounts = { ...this.#overflow };
		for (const { code } of all) faultCounts[code]++;
		const faultCount = CODES.reduce((sum, code) => sum + faultCounts[code], 0);
		return { faults: all.slice(0, MAX_KEPT_FAULTS), faultCount, faultCounts };
	}

	#add(fault: LineFault): void {
		if (++this.#kept[fault.code] > MAX_KEPT_FAULTS) this.#overflow[fault.code]++;
		else
			this.#faults.push({
				...fault,
				orderId: fault.orderId === null ? null : quoted(fault.orderId),
				found: fault.found === null ? null : quoted(fault.found),
			});
	}
}
