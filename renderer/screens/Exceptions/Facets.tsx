/** What the inbox holds, by test, severity, verdict and currency; a click narrows the list, another one takes it back. */
import type { Severity } from '#audit';
import type { InboxFacet, InboxFilter, TriageVerdict } from '#findings';
import { FacetBlock, FacetList, FacetValue } from '../../components/FacetList.tsx';
import type { ExceptionCounts } from '../../vault/exceptionsApi.ts';
import styles from './Exceptions.module.css';
import { toggled, useTriage } from './state.ts';
import { severityWord } from './words.tsx';

export function Facets({ counts }: { counts: ExceptionCounts | null }) {
	const { filter, narrow, hasFacets } = useTriage();
	const facets = counts?.facets;
	return (
		<FacetList label="Narrow the list" className={styles['facets']} isOpen={hasFacets}>
			<Facet
				title="Severity"
				facets={(facets?.severity ?? []).map((facet) => ({ ...facet, label: severityWord(facet.value) }))}
				chosen={filter.severities}
				onToggle={(value) => narrow({ severities: toggled(filter.severities, value as Severity) })}
			/>
			<Facet
				title="Verdict"
				facets={facets?.verdict ?? []}
				chosen={filter.verdicts}
				onToggle={(value) => narrow({ verdicts: toggled(filter.verdicts, value as TriageVerdict) })}
			/>
			<Facet title="Currency" facets={facets?.currency ?? []} chosen={chosenCurrency(filter)} onToggle={(value) => narrowCurrency(value)} />
			<Facet
				title="Test"
				facets={facets?.test ?? []}
				chosen={filter.tests}
				onToggle={(value) => narrow({ tests: toggled(filter.tests, value) })}
			/>
		</FacetList>
	);
}

const chosenCurrency = ({ currency }: InboxFilter): readonly string[] => (currency === undefined ? [] : [currency]);

/** Amounts are of a currency: without it they are no condition. */
function narrowCurrency(value: string): void {
	const { filter, replace } = useTriage.getState();
	const { currency, amountFrom: _from, amountTo: _to, ...others } = filter;
	replace(currency === value ? others : { ...others, currency: value });
}

interface FacetProps {
	readonly title: string;
	readonly facets: readonly InboxFacet[];
	readonly chosen: readonly string[] | undefined;
	readonly onToggle: (value: string) => void;
}

function Facet({ title, facets, chosen, onToggle }: FacetProps) {
	const most = Math.max(1, ...facets.map(({ count }) => count));
	return (
		<FacetBlock label={title}>
			<h2 className={styles['facetTitle']}>{title}</h2>
			<ul>
				{facets.map(({ value, label, count }) => (
					<li key={value}>
						<FacetValue
							label={label}
							count={count}
							most={most}
							isPressed={chosen?.includes(value) ?? false}
							onPress={() => onToggle(value)}
						/>
					</li>
				))}
			</ul>
			{facets.length === 0 ? <p className={styles['muted']}>none</p> : null}
		</FacetBlock>
	);
}
