export * from './checkpoint.ts';
export * from './ed25519.ts';
export * from './manifest.ts';
export * from './note.ts';
export * from './strictJson.ts';
export * from './vkey.ts';
