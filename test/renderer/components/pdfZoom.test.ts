import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clampPage, PDF_ZOOMS, slotsInSight, stepZoom } from '../../../renderer/components/pdfZoom.ts';

describe('zoom of a page', () => {
	test('a step from the fitted page goes to the next larger or smaller step', () => {
		expect(stepZoom('fit', 1, 87)).toBe(100);
		expect(stepZoom('fit', -1, 87)).toBe(75);
	});

	test('steps end at the smallest and the largest', () => {
		expect(stepZoom(400, 1, 0)).toBe(400);
		expect(stepZoom(50, -1, 0)).toBe(50);
	});

	test('a step there and a step back is where it was', () => {
		for (const zoom of PDF_ZOOMS.slice(0, -1)) expect(stepZoom(stepZoom(zoom, 1, 0), -1, 0)).toBe(zoom);
	});
});

describe('pages', () => {
	test('a page is always one of the document', () => {
		fc.assert(
			fc.property(fc.double(), fc.integer({ min: 1, max: 5000 }), (page, pages) => {
				const there = clampPage(page, pages);
				return Number.isInteger(there) && there >= 1 && there <= pages;
			}),
		);
	});

	test('the thumbnails that stand cover what is in sight', () => {
		fc.assert(
			fc.property(
				fc.nat(100_000),
				fc.integer({ min: 1, max: 2000 }),
				fc.integer({ min: 10, max: 400 }),
				fc.nat(1000),
				(top, height, slot, count) => {
					const [from, to] = slotsInSight(top, height, slot, count);
					const first = Math.floor(top / slot);
					const last = Math.min(count, Math.ceil((top + height) / slot));
					return from <= Math.min(first, count) && to >= last && to <= count && from >= 0;
				},
			),
		);
	});
});
