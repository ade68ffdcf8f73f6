/** Asks the vault, and asks again when the question or the vault has changed. Old data stay on screen meanwhile. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Topic, useChanges } from '../state/changes.ts';
import type { Answer, VaultError } from '../vault/contract.ts';
import { openVault, type Vault } from './vault.ts';

export type Query<T> =
	| { readonly state: 'loading' }
	| { readonly state: 'failed'; readonly error: VaultError; readonly retry: () => void }
	| { readonly state: 'ready'; readonly data: T; readonly isRefreshing: boolean };

type Held<T> = { readonly answer: Answer<T> | null; readonly isRefreshing: boolean };

/**
 * @param ask the question; it may close over `deps` only
 * @param on which changes of the vault make it asked anew; the session always does
 */
export function useQuery<T>(ask: (vault: Vault) => Promise<Answer<T>>, deps: readonly unknown[], on: readonly Topic[] = []): Query<T> {
	const [held, setHeld] = useState<Held<T>>({ answer: null, isRefreshing: true });
	const [attempt, setAttempt] = useState(0);
	const latest = useRef(0);
	const revision = useChanges(({ revisions }) => [revisions.session, ...on.map((topic) => revisions[topic])].join('.'));
	const asking = useRef(ask);
	asking.current = ask;
	// biome-ignore lint/correctness/useExhaustiveDependencies: the question is named by its dependencies
	useEffect(() => {
		const mine = ++latest.current;
		setHeld((before) => ({ ...before, isRefreshing: true }));
		const settle = (answer: Answer<T>): void => {
			if (mine === latest.current) setHeld({ answer, isRefreshing: false });
		};
		asking.current(openVault()).then(settle, (error: unknown) => settle({ ok: false, error: faultOf(error) }));
	}, [...deps, revision, attempt]);
	const retry = useCallback(() => setAttempt((count) => count + 1), []);
	if (held.answer === null) return { state: 'loading' };
	return held.answer.ok
		? { state: 'ready', data: held.answer.value, isRefreshing: held.isRefreshing }
		: { state: 'failed', error: held.answer.error, retry };
}

/** A call that threw is a fault of ours; the person is told so, and what to do. */
export const faultOf = (error: unknown): VaultError => ({
	code: 'storage_failed',
	message: `Tieout itself failed here (${error instanceof Error ? error.message : String(error)}). Your work up to now is saved; try again, or lock and unlock.`,
});
