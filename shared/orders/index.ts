export * from './history.ts';
export * from './roles.ts';
export * from './spans.ts';
export * from './stateTable.ts';
