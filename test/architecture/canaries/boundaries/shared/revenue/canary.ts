// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#model'; // allowed
import { a4 } from '#evidence'; // refused
import type { A5 } from '#evidence'; // refused
import { a6 } from '#population'; // allowed
import { a7 } from '#orders'; // allowed
import { a8 } from '#audit'; // refused
import type { A9 } from '#audit'; // refused
import { a10 } from '#company'; // refused
import type { A11 } from '#company'; // refused
import { a12 } from '#pack'; // refused
import type { A13 } from '#pack'; // refused
import { a14 } from '@noble/hashes/sha2.js'; // refused
import { a15 } from '@noble/curves/ed25519.js'; // refused
import { a16 } from 'pdf-lib'; // refused
import { a17 } from 'fontkit'; // refused
import { a18 } from 'fflate'; // refused
import { a19 } from 'zod'; // refused
import { a20 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a22 } from './sub/deeper.ts'; // refused
import { a23 } from 'node:fs'; // refused
import type { A24 } from 'node:fs/promises'; // refused
import { a25 } from 'fs'; // refused
export const a26 = await import('node:crypto'); // refused
import { a27 } from 'electron'; // refused
import { a28 } from 'react'; // refused
