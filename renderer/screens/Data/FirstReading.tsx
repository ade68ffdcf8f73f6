/** The auditor’s word that a key is the drop’s own claim and nothing more: every answer under it says so. */
import { Checkbox } from '@mantine/core';

export function FirstReading({ isTaken, onTaken }: { isTaken: boolean; onTaken: (isTaken: boolean) => void }) {
	return (
		<Checkbox
			label="I have it from the drop alone: trust it at first reading"
			description="Later drops are then held to the same key. Who holds it stays unproven, and every answer under it says so."
			checked={isTaken}
			onChange={({ currentTarget }) => onTaken(currentTarget.checked)}
		/>
	);
}
