// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#model'; // allowed
import { a4 } from '#evidence'; // allowed
import { a5 } from '#population'; // allowed
import { a6 } from '#orders'; // allowed
import { a7 } from '#revenue'; // allowed
import { a8 } from '#audit'; // allowed
import { a9 } from '#company'; // refused
import type { A10 } from '#company'; // refused
import { a11 } from '@noble/hashes/sha2.js'; // refused
import { a12 } from '@noble/curves/ed25519.js'; // refused
import { a13 } from 'pdf-lib'; // allowed
import { a14 } from 'fontkit'; // allowed
import { a15 } from 'fflate'; // allowed
import { a16 } from 'zod'; // refused
import { a17 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a19 } from './sub/deeper.ts'; // refused
import { a20 } from 'node:fs'; // refused
import type { A21 } from 'node:fs/promises'; // refused
import { a22 } from 'fs'; // refused
export const a23 = await import('node:crypto'); // refused
import { a24 } from 'electron'; // refused
import { a25 } from 'react'; // refused
