export const leak = fetch;
