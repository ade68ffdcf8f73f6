declare const brand: unique symbol;

/** A nominal type: only its parser earns it. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Exactly 64 lower-case hex digits. */
export type Sha256Hex = Brand<string, 'Sha256Hex'>;

const SHA256_HEX = /^[0-9a-f]{64}$/;

export const isSha256Hex = (text: string): text is Sha256Hex => SHA256_HEX.test(text);
