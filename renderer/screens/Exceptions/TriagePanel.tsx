/** One exception: why it was flagged, on what rows, and what is judged of it. */
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Money } from '../../components/Values.tsx';
import styles from './Exceptions.module.css';
import { Grounds } from './Grounds.tsx';
import { JudgementForm, type TriagePanelProps } from './JudgementForm.tsx';
import { subjectOf } from './triageColumns.tsx';
import { SeverityMark, TriageBadge } from './words.tsx';

export function TriagePanel(props: TriagePanelProps) {
	const { row } = props;
	const detail = useQuery((vault) => vault.exceptions.get(row.key), [row.key], ['workbook', 'results']);
	const ready = detail.state === 'ready' && detail.data.row.key === row.key ? detail.data : null;
	return (
		<div className={styles['panel']}>
			<header className={styles['panelHead']}>
				<h2>
					{row.test} · {subjectOf(row)}
				</h2>
				<span className={styles['muted']}>{row.title}</span>
				<span className={styles['facts']}>
					<SeverityMark severity={row.severity} />
					{row.amountMinor !== null && row.currency !== null ? <Money minor={row.amountMinor} currency={row.currency} /> : null}
					<TriageBadge verdict={row.verdict} />
				</span>
			</header>
			<section aria-label="Why it was flagged" className={styles['why']}>
				<h3>Why</h3>
				<p>{row.reason}</p>
			</section>
			<JudgementForm {...props} detail={ready} />
			<Ask query={detail} lines={4}>
				{(data) => <Grounds detail={data} />}
			</Ask>
		</div>
	);
}
