/** Control characters, C0 and C1, and the marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from a hostile file as a sentence may quote it: it can neither steer a terminal, nor break a line, nor reverse what is read. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\ufffd');
