// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#model'; // allowed
import { a4 } from '#evidence'; // refused
import type { A5 } from '#evidence'; // refused
import { a6 } from '#population'; // allowed
import { a7 } from '#revenue'; // refused
import type { A8 } from '#revenue'; // refused
import { a9 } from '#audit'; // refused
import type { A10 } from '#audit'; // refused
import { a11 } from '#company'; // refused
import type { A12 } from '#company'; // refused
import { a13 } from '#pack'; // refused
import type { A14 } from '#pack'; // refused
import { a15 } from '@noble/hashes/sha2.js'; // refused
import { a16 } from '@noble/curves/ed25519.js'; // refused
import { a17 } from 'pdf-lib'; // refused
import { a18 } from 'fontkit'; // refused
import { a19 } from 'fflate'; // refused
import { a20 } from 'zod'; // refused
import { a21 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a23 } from './sub/deeper.ts'; // refused
import { a24 } from 'node:fs'; // refused
import type { A25 } from 'node:fs/promises'; // refused
import { a26 } from 'fs'; // refused
export const a27 = await import('node:crypto'); // refused
import { a28 } from 'electron'; // refused
import { a29 } from 'react'; // refused
