/** What the checks found, one by one: table, line, order, sentence; and what can be done with it. */

import { Button } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { IntegrityProblem } from '#audit';
import { openBegun } from '../../app/begunFinding.ts';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useVault } from '../../app/vault.ts';
import { KeyHint } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { IntegrityScreenView } from '../../vault/integrityApi.ts';
import styles from './Integrity.module.css';
import { useIntegrity } from './state.ts';

interface Problem extends IntegrityProblem {
	readonly id: string;
	readonly table: string;
}

const CODES: Readonly<Record<string, string>> = {
	chain_break: 'Link broken',
	not_canonical: 'Not canonical',
	sequence_gap: 'Sequence gap',
	duplicate: 'Twice',
	root_mismatch: 'Root differs',
	beyond_log: 'Lines missing',
	bad_signature: 'Signature fails',
	untrusted_key: 'Key not trusted',
	inconsistent: 'Contradiction',
	sha256: 'File hash differs',
	rows: 'Row count differs',
	bytes: 'Size differs',
	control_total: 'Control total differs',
	document_altered: 'Document altered',
	document_missing: 'Document missing',
};

const SHOWN_MAX = 500;

function problemsOf(view: IntegrityScreenView): Problem[] {
	const problems: Omit<Problem, 'id'>[] = [
		...view.sealed.flatMap(({ table, problems: own }) => own.map((one) => ({ ...one, table }))),
		...view.ipe.flatMap(({ table, differences }) =>
			differences.map(({ what, declared, found }) => ({
				table,
				code: what as IntegrityProblem['code'],
				line: null,
				order_id: null,
				detail: `The manifest declares ${declared}, the file has ${found}.`,
			})),
		),
		...view.documents.altered.map((sha256) => documentProblem('document_altered', `Other bytes lie under the name ${sha256}.`)),
		...view.documents.missing.map((sha256) =>
			documentProblem('document_missing', `A row cites the document ${sha256}, and its bytes are not there.`),
		),
	];
	return problems.map((one, at) => ({ ...one, id: String(at) }));
}

const documentProblem = (code: string, detail: string): Omit<Problem, 'id'> => ({
	table: 'documents',
	code: code as IntegrityProblem['code'],
	line: null,
	order_id: null,
	detail,
});

export function Problems({ view }: { view: IntegrityScreenView }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const set = useIntegrity((state) => state.set);
	const [activeId, setActiveId] = useState<string | null>(null);
	const problems = useMemo(() => problemsOf(view), [view]);
	const active = problems.find(({ id }) => id === activeId) ?? problems[0] ?? null;
	const isSealed = active !== null && view.sealed.some(({ table }) => table === active.table);
	const lastLine = view.sealed.find(({ table }) => table === active?.table)?.rows ?? 0;
	const canProve = isSealed && active?.line != null && active.line <= lastLine;
	const prove = useCallback(() => {
		if (active?.line != null) set({ tab: 'proof', table: active.table, subject: String(active.line) });
	}, [active, set]);
	const begin = useCallback(async () => {
		if (active)
			openBegun(
				await vault.integrity.createFinding(active.table, active.line, active.detail),
				'A finding was begun with this problem as its condition.',
			);
	}, [active, vault]);
	useCommands(
		() => [
			{
				id: 'integrity.prove',
				title: 'Prove the line of this problem',
				group: 'Integrity',
				keys: 'p',
				when: 'list',
				disabled: canProve ? null : 'This problem names no line that is there.',
				run: prove,
			},
			{
				id: 'integrity.order',
				title: 'Open the order of this problem',
				group: 'Integrity',
				keys: 'o',
				when: 'list',
				disabled: active?.order_id ? null : 'This problem names no order.',
				run: () => go('orders', { order: active?.order_id ?? '' }),
			},
			{
				id: 'integrity.finding',
				title: 'Begin a finding on this problem',
				group: 'Integrity',
				keys: 'f',
				when: 'list',
				disabled: active ? null : 'There is no problem.',
				run: begin,
			},
		],
		[canProve, prove, active, go, begin],
	);
	return (
		<section className={styles['problems']} aria-label="Problems">
			<h2>Problems {formatCount(problems.length)}</h2>
			{problems.length > SHOWN_MAX ? (
				<p className={textStyles['muted']}>The first {formatCount(SHOWN_MAX)} are shown; Procedures T66 to T77 list all.</p>
			) : null}
			<div className={styles['problemList']}>
				<RowTable
					label="Problems"
					rows={problems.slice(0, SHOWN_MAX)}
					rowKey={({ id }) => id}
					activeKey={active?.id ?? null}
					onActive={({ id }) => setActiveId(id)}
					onOpen={prove}
					groupOf={({ table }) => table}
					empty="No check that was made found anything. See the checks that could not be told."
					columns={[
						{ id: 'code', title: 'What', cell: ({ code }) => <span className={styles['code']}>{CODES[code] ?? code}</span> },
						{
							id: 'detail',
							title: 'Why',
							fills: true,
							cell: ({ detail }) => (
								<span className={textStyles['muted']} title={detail}>
									{detail}
								</span>
							),
						},
						{ id: 'line', title: 'Line', align: 'right', cell: ({ line }) => (line === null ? '–' : formatCount(line)) },
						{ id: 'order', title: 'Order', cell: ({ order_id: order }) => order ?? '–' },
					]}
				/>
			</div>
			{active ? (
				<div className={styles['detail']}>
					<p>{active.detail}</p>
					<div className={layoutStyles['row']}>
						<Button variant="default" disabled={!canProve} onClick={prove}>
							Proof <KeyHint keys="p" />
						</Button>
						<Button variant="default" disabled={!active.order_id} onClick={() => go('orders', { order: active.order_id ?? '' })}>
							Open order <KeyHint keys="o" />
						</Button>
						<Button variant="default" onClick={() => void begin()}>
							Finding <KeyHint keys="f" />
						</Button>
					</div>
				</div>
			) : null}
		</section>
	);
}
