/** Rows of a list, from the vault to a grid. */
import { useCallback } from 'react';
import type { Answer } from '../vault/contract.ts';
import { useVault, type Vault } from './vault.ts';

/**
 * Another function is another list. It throws what the vault refuses: a grid says so where the rows would stand.
 * @param ask the question; it may close over `deps` only
 */
export function useRows<Row>(
	ask: (vault: Vault, from: number, to: number) => Promise<Answer<readonly Row[]>>,
	deps: readonly unknown[],
): (from: number, to: number) => Promise<readonly Row[]> {
	const vault = useVault();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the question is named by its dependencies
	return useCallback(
		async (from, to) => {
			const answer = await ask(vault, from, to);
			if (!answer.ok) throw new Error(answer.error.message);
			return answer.value;
		},
		[vault, ...deps],
	);
}
