/** Which columns the list shows, and in which order: by mouse and by keys alike. Kept with the view. */
import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core';
import { ChevronDown, ChevronUp, Columns3 } from 'lucide-react';
import { ORDER_COLUMNS, type OrderColumnId, orderColumnTitle } from '#explore';
import styles from './Orders.module.css';
import { FIRST_COLUMNS, useOrders } from './state.ts';

export function ColumnsMenu() {
	const { columns, set } = useOrders();
	const hidden = ORDER_COLUMNS.map(({ id }) => id).filter((id) => !columns.includes(id));
	const move = (at: number, by: 1 | -1): void => {
		const next = [...columns];
		const [one, other] = [next[at], next[at + by]];
		if (one === undefined || other === undefined) return;
		next[at] = other;
		next[at + by] = one;
		set({ columns: next });
	};
	const toggle = (id: OrderColumnId): void =>
		set({ columns: columns.includes(id) ? columns.filter((one) => one !== id) : [...columns, id] });
	return (
		<Popover position="bottom-end" trapFocus returnFocus withinPortal transitionProps={{ duration: 0 }} shadow="sm">
			<Popover.Target>
				<Button variant="subtle" color="gray" size="compact-xs" leftSection={<Columns3 size={14} />}>
					Columns
				</Button>
			</Popover.Target>
			<Popover.Dropdown aria-label="Columns">
				<ul className={styles['columns']}>
					{[...columns, ...hidden].map((id, at) => (
						<li key={id}>
							<Checkbox
								label={orderColumnTitle(id)}
								checked={columns.includes(id)}
								disabled={id === 'order_id'}
								onChange={() => toggle(id)}
							/>
							{columns.includes(id) ? (
								<span className={styles['movers']}>
									<ActionIcon
										size={24}
										aria-label={`${orderColumnTitle(id)} one place up`}
										disabled={at === 0}
										onClick={() => move(at, -1)}
									>
										<ChevronUp size={14} />
									</ActionIcon>
									<ActionIcon
										size={24}
										aria-label={`${orderColumnTitle(id)} one place down`}
										disabled={at === columns.length - 1}
										onClick={() => move(at, 1)}
									>
										<ChevronDown size={14} />
									</ActionIcon>
								</span>
							) : null}
						</li>
					))}
				</ul>
				<Button variant="subtle" size="compact-xs" onClick={() => set({ columns: FIRST_COLUMNS })}>
					Usual columns
				</Button>
			</Popover.Dropdown>
		</Popover>
	);
}
