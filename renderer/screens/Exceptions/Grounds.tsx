/** What an exception stands on: its rows, the rule, and what was judged before. */
import { Button } from '@mantine/core';
import { KeyHint } from '../../components/Frame.tsx';
import { Hash } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { ExceptionDetail } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import { TriageBadge } from './words.tsx';

/** The rule with its parameters, the cited rows, and what else knows of this exception. */
export function Grounds({ detail: { row, rule, findings, siblings } }: { detail: ExceptionDetail }) {
	const go = useNav((nav) => nav.go);
	return (
		<>
			<section aria-label="Rule" className={styles['grounds']}>
				<h3>
					Rule {row.test} v{rule.version}
				</h3>
				<p>{rule.text}</p>
				{rule.parameters.length > 0 ? (
					<dl className={styles['parameters']}>
						{rule.parameters.map(({ name, value, unit, isDefault }) => (
							<div key={name}>
								<dt>{name}</dt>
								<dd>
									{value} {unit}
									{isDefault ? '' : ' · changed from its default'}
								</dd>
							</div>
						))}
					</dl>
				) : null}
				<p className={styles['muted']}>
					{rule.why} {rule.source === '' ? '' : `(${rule.source})`}
				</p>
			</section>
			<section aria-label="Rows it rests on" className={styles['grounds']}>
				<h3>Rows it rests on</h3>
				{row.rows.length === 0 ? (
					<p className={styles['muted']}>It cites no row: it is about something that is not there, or about the drop as a whole.</p>
				) : null}
				<ul className={styles['rows']}>
					{row.rows.map(({ table, key, sha256 }) => (
						<li key={`${table} ${key} ${sha256}`}>
							<span>
								{table} <strong>{key}</strong>
							</span>
							<Hash value={sha256} />
						</li>
					))}
				</ul>
				{row.orderId !== null ? (
					<Button variant="subtle" onClick={() => go('orders', { order: row.orderId ?? '' })} rightSection={<KeyHint keys="o" />}>
						Open order {row.orderId}
					</Button>
				) : null}
			</section>
			{findings.length > 0 ? (
				<section aria-label="Used in" className={styles['grounds']}>
					<h3>Used in</h3>
					{findings.map(({ findingId, label, title }) => (
						<Button key={findingId} variant="subtle" onClick={() => go('findings', { finding: findingId })}>
							{label} {title}
						</Button>
					))}
				</section>
			) : null}
			{siblings.length > 0 ? (
				<section aria-label="Same order" className={styles['grounds']}>
					<h3>Same order</h3>
					<ul className={styles['rows']}>
						{siblings.map(({ key, test, title, verdict }) => (
							<li key={key}>
								<span>
									{test} {title}
								</span>
								<TriageBadge verdict={verdict} />
							</li>
						))}
					</ul>
				</section>
			) : null}
		</>
	);
}
