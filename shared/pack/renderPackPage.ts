/** A page of a pack while it is written. */
import type { PDFDict, PDFRef } from 'pdf-lib';

export interface PackPage {
	readonly ref: PDFRef;
	readonly dictionary: PDFDict;
}
