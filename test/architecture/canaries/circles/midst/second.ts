import './first.ts';

export type Second = string;
