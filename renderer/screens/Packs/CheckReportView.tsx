/** A verifier's report: the verdict in one word, and every objection with its code and sentence. */

import { formatCount, formatInstantLocal } from '../../app/format.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import styles from './Packs.module.css';
import { type CheckedPack, PACK_VERDICTS } from './packs.ts';

export function CheckReportView({ report }: { report: CheckedPack }) {
	const { verdict, signerTrust, logTrust, codes, signatures, files, proofs, completeOrders, replay } = report;
	return (
		<>
			<Panel title="Verdict" actions={<VerdictBadge tone={PACK_VERDICTS[verdict].tone}>{verdict}</VerdictBadge>}>
				<p>{PACK_VERDICTS[verdict].means}</p>
				<FactList
					facts={[
						{ label: 'Signer', value: signerTrust },
						{ label: 'Log', value: logTrust },
						{ label: 'Files', value: `${formatCount(files.matching)} of ${formatCount(files.declared)} as the manifest lists them` },
						{ label: 'Proofs', value: `${formatCount(proofs.checked)} checked, ${formatCount(proofs.failed)} failed` },
						...completeOrders.map(({ table, day, orders }) => ({
							label: `Complete in ${table}`,
							value: `${formatCount(orders)} ${orders === 1 ? 'order' : 'orders'}, as of ${day} (heads record)`,
						})),
						{
							label: 'Tests run again',
							value: replay ? `${formatCount(replay.matching)} of ${formatCount(replay.tests)} to the same hash` : 'not asked for',
						},
					]}
				/>
			</Panel>
			<Panel title={codes.length === 0 ? 'No objection' : `Objections ${formatCount(codes.length)}`}>
				<ul className={styles['list']}>
					{codes.map(({ code, detail, sentence, verdict: own }) => (
						<li key={`${code} ${detail}`} className={styles['check']}>
							<div className={layoutStyles['row']}>
								{own ? <VerdictBadge tone={PACK_VERDICTS[own].tone}>{own}</VerdictBadge> : null}
								<span className={textStyles['code']}>{code}</span>
							</div>
							<div>{sentence}</div>
							<div className={textStyles['muted']}>{detail}</div>
						</li>
					))}
				</ul>
			</Panel>
			<Panel title={`Signatures ${formatCount(signatures.length)}`}>
				{signatures.length === 0 ? <p>Nobody has signed this file.</p> : null}
				<ul className={styles['list']}>
					{signatures.map(({ field, signer, time, timeIs, covers }) => (
						<li key={field} className={styles['check']}>
							<strong>{field}</strong>: {signer || 'no name'}
							<div className={textStyles['muted']}>
								{time ? `${formatInstantLocal(time)} (${timeIs})` : 'no time'} · covers {covers}
							</div>
						</li>
					))}
				</ul>
			</Panel>
		</>
	);
}
