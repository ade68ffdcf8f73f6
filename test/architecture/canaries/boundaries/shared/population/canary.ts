// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#model'; // allowed
import { a4 } from '#evidence'; // refused
import type { A5 } from '#evidence'; // refused
import { a6 } from '#orders'; // refused
import type { A7 } from '#orders'; // refused
import { a8 } from '#revenue'; // refused
import type { A9 } from '#revenue'; // refused
import { a10 } from '#audit'; // refused
import type { A11 } from '#audit'; // refused
import { a12 } from '#company'; // refused
import type { A13 } from '#company'; // refused
import { a14 } from '#pack'; // refused
import type { A15 } from '#pack'; // refused
import { a16 } from '@noble/hashes/sha2.js'; // refused
import { a17 } from '@noble/curves/ed25519.js'; // refused
import { a18 } from 'pdf-lib'; // refused
import { a19 } from 'fontkit'; // refused
import { a20 } from 'fflate'; // refused
import { a21 } from 'zod'; // refused
import { a22 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a24 } from './sub/deeper.ts'; // refused
import { a25 } from 'node:fs'; // refused
import type { A26 } from 'node:fs/promises'; // refused
import { a27 } from 'fs'; // refused
export const a28 = await import('node:crypto'); // refused
import { a29 } from 'electron'; // refused
import { a30 } from 'react'; // refused
