// Compiles under shared/'s rules: the canaries beside it fail for what they use, not for where they stand.
export const clean = [1n, 2n].map((value) => value * 2n);
