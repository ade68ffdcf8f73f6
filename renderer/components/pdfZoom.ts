/** Zoom steps of a page, and where a page stands in a document. */

/** Percent of the page's own size. */
export const PDF_ZOOMS = [50, 75, 100, 125, 150, 200, 300, 400] as const;

export type PdfZoom = 'fit' | (typeof PDF_ZOOMS)[number];

/**
 * The next step up or down. From `fit`, it starts at what fits now.
 * @param fitPercent how large the fitted page is shown
 */
export function stepZoom(zoom: PdfZoom, step: 1 | -1, fitPercent: number): PdfZoom {
	const from = zoom === 'fit' ? fitPercent : zoom;
	if (step === 1) return PDF_ZOOMS.find((one) => one > from + 0.5) ?? 400;
	return PDF_ZOOMS.findLast((one) => one < from - 0.5) ?? 50;
}

/** A page number that exists, counted from 1. */
export const clampPage = (page: number, pages: number): number =>
	Number.isFinite(page) ? Math.min(Math.max(1, Math.trunc(page)), Math.max(1, pages)) : 1;

/**
 * The thumbnails that must stand, [from, to): those in sight and `around` more on each side.
 * @param slot height of one, in pixels
 */
export function slotsInSight(scrollTop: number, height: number, slot: number, count: number, around = 2): readonly [number, number] {
	if (slot <= 0 || count <= 0) return [0, 0];
	const from = Math.max(0, Math.floor(scrollTop / slot) - around);
	return [Math.min(from, count), Math.min(count, Math.ceil((scrollTop + height) / slot) + around)];
}
