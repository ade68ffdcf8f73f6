export const leak = window.location;
