import type { Bottom } from './bottom.ts';

export type Right = Bottom;
