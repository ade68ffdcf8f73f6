/** The distinct ways orders went, the most frequent first, each with its share and what the state table says of it. */

import type { PathVariant, VariantList } from '#explore';
import { formatCount, plural } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import mapStyles from './Map.module.css';
import { addChip } from './state.ts';

const CONFORMANCE: Readonly<Record<PathVariant['conformance'], { readonly tone: Tone; readonly word: string }>> = {
	conforms: { tone: 'pass', word: 'Conforms' },
	violates: { tone: 'fail', word: 'Violates' },
	incomplete: { tone: 'info', word: 'Incomplete' },
	not_testable: { tone: 'neutral', word: 'Not testable' },
};

const percent = (share: number): string => `${(share / 1000).toFixed(share < 1000 ? 2 : 1)} %`;

/** @param shown how many of them are on the map */
export function Variants({ list, shown }: { list: VariantList; shown: number }) {
	const most = Math.max(1, ...list.variants.map(({ orders }) => orders));
	return (
		<>
			<h2 className={mapStyles['variantsHead']}>{plural(list.total, 'variant')}</h2>
			<ol className={mapStyles['variantList']} data-keys="list">
				{list.variants.map(({ text, steps, orders, share, conformance }, at) => (
					<li key={text} data-shown={at < shown}>
						<button type="button" onClick={() => addChip({ column: 'path', op: 'variant', values: [text] })} title={text}>
							<span className={mapStyles['variantHead']}>
								<span>{at + 1}</span>
								<strong>{percent(share)}</strong>
								<span className={textStyles['muted']}>{formatCount(orders)}</span>
								<VerdictBadge tone={CONFORMANCE[conformance].tone}>{CONFORMANCE[conformance].word}</VerdictBadge>
							</span>
							<span className={mapStyles['variantBar']} style={{ width: `${(100 * orders) / most}%` }} />
							<span className={mapStyles['variantText']}>{steps.length === 0 ? 'no transitions' : text}</span>
						</button>
					</li>
				))}
			</ol>
			{list.rest.variants > 0 ? (
				<p className={textStyles['muted']}>
					{plural(list.rest.variants, 'further variant')} with {plural(list.rest.orders, 'order')}
				</p>
			) : null}
		</>
	);
}
