/** Who asks something of the hub. */

export type HubRole = 'producer' | 'portal' | 'auditor' | 'compliance' | 'operator' | 'witness';

export interface Principal {
	readonly tenant: string;
	readonly id: string;
	readonly role: HubRole;
}
