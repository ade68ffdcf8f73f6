/** The controls of the engagement: value, default, who set it, when and why. Each is changed on the screen that uses it. */
import { Button } from '@mantine/core';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Panel } from '../../components/Frame.tsx';
import { RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { Control, Controls } from '../../vault/controlsView.ts';

const PLACES: Readonly<Record<Control['place']['screen'], string>> = {
	reconciliation: 'Reconciliation',
	procedures: 'Procedures',
	sync: 'Sync',
};

export function ControlSettings() {
	const query = useQuery((vault) => vault.workbook.controls(), [], ['workbook']);
	return (
		<Panel title="Controls">
			<Ask query={query} lines={4}>
				{(controls) => <List controls={controls} />}
			</Ask>
		</Panel>
	);
}

const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

function List({ controls: { rows, parametersAtDefault } }: { controls: Controls }) {
	const go = useNav((nav) => nav.go);
	const open = ({ place: { screen, test } }: Control): void => go(screen, test === undefined ? {} : { test });
	return (
		<>
			<RowTable<Control>
				label="Controls"
				rows={rows}
				rowKey={({ id }) => id}
				onOpen={open}
				columns={[
					{ id: 'name', title: 'Control', wraps: true, cell: ({ name }) => name },
					{ id: 'value', title: 'Value', align: 'right', cell: ({ value, unit }) => withUnit(value, unit) },
					{ id: 'standard', title: 'Default', align: 'right', cell: ({ standard, unit }) => withUnit(standard, unit) },
					{
						id: 'set',
						title: 'Set by, when, why',
						wraps: true,
						cell: ({ set }) =>
							set === null ? (
								<span className={textStyles['muted']}>nobody: the default stands</span>
							) : (
								<>
									{set.member}, <Instant at={set.at} />
									<div className={textStyles['muted']}>{set.reason}</div>
								</>
							),
						text: ({ set }) => (set === null ? 'nobody' : `${set.member}, ${set.at}: ${set.reason}`),
					},
					{
						id: 'place',
						title: 'Changed on',
						cell: (control) => (
							<Button variant="subtle" size="compact-xs" onClick={() => open(control)}>
								{PLACES[control.place.screen]}
							</Button>
						),
						text: ({ place }) => PLACES[place.screen],
					},
				]}
			/>
			<p className={textStyles['muted']}>
				{formatCount(parametersAtDefault)} parameters of audit tests stand at their default; Procedures shows them with each test.
			</p>
		</>
	);
}
