// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from './inside.ts'; // allowed
import { a2 } from '#model'; // refused
import type { A3 } from '#model'; // refused
import { a4 } from '#evidence'; // refused
import type { A5 } from '#evidence'; // refused
import { a6 } from '#population'; // refused
import type { A7 } from '#population'; // refused
import { a8 } from '#orders'; // refused
import type { A9 } from '#orders'; // refused
import { a10 } from '#revenue'; // refused
import type { A11 } from '#revenue'; // refused
import { a12 } from '#audit'; // refused
import type { A13 } from '#audit'; // refused
import { a14 } from '#company'; // refused
import type { A15 } from '#company'; // refused
import { a16 } from '#pack'; // refused
import type { A17 } from '#pack'; // refused
import { a18 } from '@noble/hashes/sha2.js'; // allowed
import { a19 } from '@noble/curves/ed25519.js'; // refused
import { a20 } from 'pdf-lib'; // refused
import { a21 } from 'fontkit'; // refused
import { a22 } from 'fflate'; // refused
import { a23 } from 'zod'; // refused
import { a24 } from '../model/index.ts'; // refused
export * from '../model/index.ts'; // refused
import { a26 } from './sub/deeper.ts'; // refused
import { a27 } from 'node:fs'; // refused
import type { A28 } from 'node:fs/promises'; // refused
import { a29 } from 'fs'; // refused
export const a30 = await import('node:crypto'); // refused
import { a31 } from 'electron'; // refused
import { a32 } from 'react'; // refused
