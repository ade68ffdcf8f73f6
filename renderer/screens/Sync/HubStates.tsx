/** What stands where a hub has to be asked and is not there: none connected, or out of reach. Neither is a fault. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Query } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useNav } from '../../state/nav.ts';

/** What stands in the place of whatever only a hub can say. */
export function NoHub({ what }: { what: string }) {
	const set = useNav((nav) => nav.set);
	return (
		<EmptyState title="No hub is connected" action={<Button onClick={() => set({ tab: 'connection' })}>Connect a hub</Button>}>
			{what}
		</EmptyState>
	);
}

/** An answer of the hub; where it gives none, that is no fault of this window's. @param title what is not there then */
export function OrOffline<T>({
	query,
	title = 'The hub can’t be asked now',
	children,
}: {
	query: Query<T>;
	title?: string;
	children: (data: T) => ReactNode;
}) {
	if (query.state === 'failed' && query.error.code === 'not_connected')
		return (
			<EmptyState
				title={title}
				action={
					<Button variant="default" onClick={query.retry}>
						Ask again
					</Button>
				}
			>
				{query.error.message}
			</EmptyState>
		);
	return <Ask query={query}>{children}</Ask>;
}
