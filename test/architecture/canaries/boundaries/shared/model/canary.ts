// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#evidence'; // refused
import type { A4 } from '#evidence'; // refused
import { a5 } from '#population'; // refused
import type { A6 } from '#population'; // refused
import { a7 } from '#orders'; // refused
import type { A8 } from '#orders'; // refused
import { a9 } from '#revenue'; // refused
import type { A10 } from '#revenue'; // refused
import { a11 } from '#audit'; // refused
import type { A12 } from '#audit'; // refused
import { a13 } from '#company'; // refused
import type { A14 } from '#company'; // refused
import { a15 } from '#pack'; // refused
import type { A16 } from '#pack'; // refused
import { a17 } from '@noble/hashes/sha2.js'; // refused
import { a18 } from '@noble/curves/ed25519.js'; // refused
import { a19 } from 'pdf-lib'; // refused
import { a20 } from 'fontkit'; // refused
import { a21 } from 'fflate'; // refused
import { a22 } from 'zod'; // refused
import { a23 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a25 } from './sub/deeper.ts'; // refused
import { a26 } from 'node:fs'; // refused
import type { A27 } from 'node:fs/promises'; // refused
import { a28 } from 'fs'; // refused
export const a29 = await import('node:crypto'); // refused
import { a30 } from 'electron'; // refused
import { a31 } from 'react'; // refused
