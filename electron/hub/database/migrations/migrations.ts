/** The one list of migrations, in the order in which they are applied; what has been released is never edited. */
import { CORE } from './core.ts';
import { INTAKE } from './intake.ts';
import type { Migration } from './migration.ts';
import { READING } from './reading.ts';
import { SERVING } from './serving.ts';

export const MIGRATIONS: readonly Migration[] = [CORE, INTAKE, SERVING, READING];
