/** Evidence out: who the hub is, publications, logs, tables, documents. */
import { aboutRoutes } from './aboutRoutes.ts';
import { disclosureRoutes } from './disclosureRoutes.ts';
import { documentRoutes } from './documentRoutes.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import { logRoutes } from './logRoutes.ts';
import { publicationRoutes } from './publicationRoutes.ts';
import type { Route } from './route.ts';
import { tableRoutes } from './tableRoutes.ts';

export function evidenceRoutes(parts: EvidenceParts): Route[] {
	return [
		...aboutRoutes(parts),
		...publicationRoutes(parts),
		...logRoutes(parts),
		...disclosureRoutes(parts),
		...tableRoutes(parts),
		...documentRoutes(parts),
	];
}
