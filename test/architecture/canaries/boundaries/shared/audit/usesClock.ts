// Restricted properties: each line marked is refused by name.
export const now = Date.now(); // clock
export const dice = Math.random(); // clock
export const fine = Math.max(1, 2);
