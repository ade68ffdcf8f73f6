export type Bottom = 'bottom';
