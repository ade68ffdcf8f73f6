import type { Bottom } from './bottom.ts';

export type Left = Bottom;
