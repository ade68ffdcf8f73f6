import { ENTITIES, ENTITY_KEYS } from './entities.ts';
import { AS_OF, PERIODS, timeText } from './workTime.ts';

/** What the manifest says of the company. */
export const SAMPLE = {
	company: 'Northlight Instruments Group',
	dropPrefix: 'northlight-2026',
	entityIds: ENTITY_KEYS.map((key) => ENTITIES[key].entityId),
	periodFrom: PERIODS[0] as string,
	periodTo: PERIODS.at(-1) as string,
	asOf: timeText(AS_OF),
	log: 'northlight.example/o2c',
	extractedAt: timeText(AS_OF + 5_400_000),
	extractedBy: 'it103',
	system: 'Northlight order-to-cash warehouse',
	sealedTables: ['order_event', 'revenue_event'],
} as const;
