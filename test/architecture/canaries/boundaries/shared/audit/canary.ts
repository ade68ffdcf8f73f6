// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#kernel'; // allowed
import { a3 } from '#model'; // allowed
import { a4 } from '#evidence'; // allowed
import { a5 } from '#population'; // allowed
import { a6 } from '#orders'; // allowed
import { a7 } from '#revenue'; // allowed
import { a8 } from '#company'; // refused
import type { A9 } from '#company'; // refused
import { a10 } from '#pack'; // refused
import type { A11 } from '#pack'; // refused
import { a12 } from '@noble/hashes/sha2.js'; // refused
import { a13 } from '@noble/curves/ed25519.js'; // refused
import { a14 } from 'pdf-lib'; // refused
import { a15 } from 'fontkit'; // refused
import { a16 } from 'fflate'; // refused
import { a17 } from 'zod'; // refused
import { a18 } from '../kernel/index.ts'; // refused
export * from '../kernel/index.ts'; // refused
import { a20 } from './sub/deeper.ts'; // refused
import { a21 } from 'node:fs'; // refused
import type { A22 } from 'node:fs/promises'; // refused
import { a23 } from 'fs'; // refused
export const a24 = await import('node:crypto'); // refused
import { a25 } from 'electron'; // refused
import { a26 } from 'react'; // refused
