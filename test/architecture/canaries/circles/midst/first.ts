export type Second = import('./second.ts').Second;
