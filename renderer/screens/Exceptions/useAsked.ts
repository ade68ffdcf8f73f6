/** What another screen asked to see: `exception` (a key), `test`, `order`, `queue`; and finding the exception in its list. */
import { useEffect, useRef } from 'react';
import type { InboxFilter } from '#findings';
import { useVault } from '../../app/vault.ts';
import { useNav } from '../../state/nav.ts';
import { QUEUES, useTriage } from './state.ts';

/** The filter that a link asks for; null where it asks for none. */
export function askedFilter({ test, order, queue, exception }: Readonly<Record<string, string>>): InboxFilter | null {
	if (test === undefined && order === undefined && queue === undefined && exception === undefined) return null;
	return {
		queue: QUEUES.find(([id]) => id === queue)?.[0] ?? 'all',
		...(test === undefined ? {} : { tests: [test] }),
		...(order === undefined ? {} : { orderId: order }),
	};
}

/** Takes over what the link asks for, once for each link. */
export function useAsked(): void {
	const params = useNav((nav) => nav.params);
	useEffect(() => {
		const filter = askedFilter(params);
		if (filter === null) return;
		const { seek, replace } = useTriage.getState();
		const { exception } = params;
		if (exception === undefined) replace(filter);
		else seek(filter, exception);
	}, [params]);
}

/**
 * Stands on the exception that is sought, or says why it can't.
 * @param listId the list of the filter of now; null while that is being made
 */
export function useSeeking(listId: string | null): void {
	const vault = useVault();
	const key = useTriage(({ sought }) => (sought?.missing === null ? sought.key : null));
	useEffect(() => {
		if (listId === null || key === null) return;
		let isStale = false;
		void vault.exceptions.place(listId, key).then((place) => {
			const { sought, stand, miss } = useTriage.getState();
			if (isStale || sought?.key !== key) return;
			if (place.ok) stand(place.value);
			else miss(key, place.error.message);
		});
		return () => {
			isStale = true;
		};
	}, [vault, listId, key]);
}

/**
 * Stays on the exception in hand when its list is made anew without another question, as by another run of the tests: the row at the same
 * place is then another exception.
 * @param question what the list was made for; another one begins where it is told to
 */
export function useStaying(listId: string | null, question: readonly unknown[]): void {
	const made = useRef<{ readonly listId: string; readonly question: readonly unknown[] } | null>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another list is what is answered
	useEffect(() => {
		if (listId === null) return;
		const before = made.current;
		made.current = { listId, question };
		if (before === null || before.listId === listId) return;
		if (before.question.every((one, at) => one === question[at])) useTriage.getState().stay();
	}, [listId]);
}
