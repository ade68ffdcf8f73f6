/** The recognition rules in force, their versions over the year, and the change tickets that brought them there. */
import { RULE_APPROVER, RULE_DEPLOYER, RULE_OWNER } from './people.ts';
import type { Wire } from './wire.ts';
import { dayOf, instantAt, timeText } from './workTime.ts';

export type RuleId = 'R-SHIPMENT' | 'R-DELIVERY' | 'R-ACCEPTANCE' | 'R-PROGRESS' | 'R-RETURN' | 'R-DISPUTE' | 'R-MANUAL' | 'R-FALLBACK';

interface RuleVersion {
	readonly ruleId: RuleId;
	readonly version: number;
	readonly deployedAt: number;
}

const deployed = (ruleId: RuleId, version: number, year: number, month: number, date: number): RuleVersion => ({
	ruleId,
	version,
	deployedAt: instantAt(dayOf(year, month, date), 600, 0),
});

const VERSIONS: readonly RuleVersion[] = [
	deployed('R-SHIPMENT', 1, 2025, 10, 6),
	deployed('R-DELIVERY', 1, 2025, 10, 6),
	deployed('R-DELIVERY', 2, 2026, 6, 15),
	deployed('R-ACCEPTANCE', 1, 2025, 10, 6),
	deployed('R-PROGRESS', 1, 2025, 10, 20),
	deployed('R-RETURN', 1, 2025, 11, 3),
	deployed('R-DISPUTE', 1, 2025, 11, 3),
	deployed('R-DISPUTE', 2, 2026, 9, 7),
	deployed('R-MANUAL', 1, 2025, 11, 3),
	deployed('R-FALLBACK', 1, 2025, 11, 17),
];

/** The version in force at an instant. One that is deployed the same day counts from the next. */
export function ruleVersionAt(ruleId: RuleId, instant: number): number {
	let version = 1;
	for (const rule of VERSIONS) {
		if (rule.ruleId === ruleId && rule.deployedAt + 86_400_000 <= instant) version = rule.version;
	}
	return version;
}

export const ticketRecords = (): Wire[] => [
	...VERSIONS.map((rule, index) => ticketRecord(`CHG-${1001 + index}`, 'revenue-engine', 'rule', rule.deployedAt, rule)),
	ticketRecord('CHG-1101', 'erp', 'state_table', instantAt(dayOf(2025, 6, 30), 600, 0), null),
	ticketRecord('CHG-1102', 'wms', 'code', instantAt(dayOf(2026, 3, 16), 600, 0), null),
	ticketRecord('CHG-1103', 'carrier-hub', 'config', instantAt(dayOf(2026, 8, 24), 600, 0), null),
];

function ticketRecord(ticketId: string, system: string, kind: string, deployedAt: number, rule: RuleVersion | null): Wire {
	return {
		approved_by: RULE_APPROVER.userId,
		deployed_at: timeText(deployedAt),
		deployed_by: RULE_DEPLOYER.userId,
		kind,
		requested_by: RULE_OWNER.userId,
		rule_id: rule?.ruleId ?? null,
		rule_version: rule?.version ?? null,
		system,
		tested: true,
		ticket_id: ticketId,
	};
}
