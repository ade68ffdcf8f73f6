/** The three faces of a question to the vault: waiting, failed, answered. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Query } from '../app/useQuery.ts';
import { useNav } from '../state/nav.ts';
import { EmptyState, ErrorState, Loading } from './States.tsx';

export function Ask<T>({ query, children, lines }: { query: Query<T>; children: (data: T) => ReactNode; lines?: number }) {
	const go = useNav((nav) => nav.go);
	if (query.state === 'loading') return <Loading {...(lines === undefined ? {} : { lines })} />;
	if (query.state === 'ready') return children(query.data);
	if (query.error.code === 'no_evidence')
		return (
			<EmptyState title="No evidence yet" action={<Button onClick={() => go('data')}>Go to Data &amp; IPE</Button>}>
				Import an evidence drop first: a folder or a ZIP that the company handed over. Keys: G, then D.
			</EmptyState>
		);
	return <ErrorState error={query.error} onRetry={query.retry} />;
}
