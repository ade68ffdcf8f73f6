/** The log kernel: whether a sealed table's bytes are canonical, chained, counted, and which tree they make. */
import { openFastLog } from './logKernelFast.ts';
import { openReferenceLog } from './logKernelReference.ts';
import type { SealedLog, SealedLogOptions } from './logKernelReport.ts';

export type * from './logKernelReport.ts';

/**
 * Opens the verification of a sealed table. Every fault is collected, none stops it; consequences are folded under their cause:
 * a changed line shows as one chain break at its successor, with the changed line as suspect.
 * Compiled code does the work; where the host has none, the portable reference does, some twenty times slower.
 * @see RFC 6962 §2.1, RFC 8785
 */
export const openSealedLog = (options: SealedLogOptions): SealedLog => openFastLog(options) ?? openReferenceLog(options);
