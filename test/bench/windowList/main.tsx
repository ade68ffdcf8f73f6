/** The order screen of the product, alone in a page, and what the bench asks of it. */
import './bridge.ts';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import type { OrderFilter } from '#explore';
import { cssVariables, theme } from '../../../renderer/app/theme.ts';
import { openVault } from '../../../renderer/app/vault.ts';
import { Orders } from '../../../renderer/screens/Orders/Orders.tsx';
import { useOrders } from '../../../renderer/screens/Orders/state.ts';
import type { Expected, Painted } from '../windowListAsk.ts';

const FACETS = ['state', 'chain', 'severity', 'region', 'entity', 'currency', 'customer', 'month'] as const;

/** After this it is no matter of speed any more. */
const LIMIT_MS = 60_000;

const rowOf = (index: number): string =>
	document.querySelector(`.ag-row[row-index="${index}"] .ag-cell[col-id=order_id]`)?.textContent ?? '';

const areRowsThere = ({ count, firstOrder }: Expected): boolean =>
	document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(count + 1) &&
	rowOf(0) === firstOrder &&
	[...document.querySelectorAll('.ag-cell')].every(({ textContent }) => textContent !== '…');

const areFacetsThere = ({ facets }: Expected): boolean => {
	const sections = [...document.querySelectorAll('nav[aria-label=Facets] section')];
	return facets.every(({ title, counts }) => {
		const section = sections.find((one) => one.querySelector('h3')?.textContent.trim() === title);
		const shown = [...(section?.querySelectorAll('li > button:first-child') ?? [])].map(({ textContent }) => textContent);
		return counts.every((count, at) => shown[at]?.endsWith(` ${count}`) ?? false);
	});
};

/** Sets the filter as a click does, and looks at every frame whether rows and facets are painted. */
function filter(next: OrderFilter, expected: Expected): Promise<Painted> {
	const since = performance.now();
	let [rows, facets] = [0, 0];
	useOrders.getState().set({ filter: next });
	return new Promise((resolve, reject) => {
		const look = (): void => {
			// What stands in the page at the beginning of a frame was painted with the frame before.
			const now = performance.now() - since;
			if (rows === 0 && areRowsThere(expected)) rows = now;
			if (facets === 0 && areFacetsThere(expected)) facets = now;
			if (rows > 0 && facets > 0) resolve({ rows, facets });
			else if (now > LIMIT_MS) reject(new Error(`never painted as expected: ${JSON.stringify({ next, expected })}`));
			else requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	});
}

/** The same facets asked of the worker alone, milliseconds. */
async function askFacets(next: OrderFilter): Promise<number> {
	const { orders } = openVault();
	const view = await orders.table(next, []);
	if (!view.ok) throw new Error(view.error.message);
	const since = performance.now();
	await orders.facets(view.value.viewId, FACETS);
	return performance.now() - since;
}

Object.assign(window, { bench: { filter, askFacets } });

const root = document.getElementById('root');
if (root)
	createRoot(root).render(
		<MantineProvider theme={theme} cssVariablesResolver={cssVariables}>
			<div style={{ height: '100vh', display: 'flex', flexDirection: 'column' }}>
				<Orders />
			</div>
		</MantineProvider>,
	);
