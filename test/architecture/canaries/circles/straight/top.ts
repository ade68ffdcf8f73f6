import type { Left } from './left.ts';
import type { Right } from './right.ts';

export type Top = Left | Right;
