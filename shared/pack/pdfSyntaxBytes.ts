/** The three kinds of bytes in PDF syntax (ISO 32000-1 tables 1 and 2). */

/** 0 regular, 1 white space, 2 delimiter. */
export const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = 1;
for (const char of '()<>[]{}/%') CLASS[char.charCodeAt(0)] = 2;
