export const leak = (names: readonly string[]): string => names[0];
