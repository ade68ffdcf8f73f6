// Imports that the linter must judge exactly as each line says. Not compiled, not linted in place.
import { a1 } from '#kernel'; // allowed
import { a2 } from '#model'; // allowed
import { a3 } from '#evidence'; // allowed
import { a4 } from '#population'; // allowed
import { a5 } from '#orders'; // allowed
import { a6 } from '#revenue'; // allowed
import { a7 } from '#audit'; // allowed
import { a8 } from '#company'; // allowed
import { a9 } from '#pack'; // allowed
import { a10 } from 'node:fs'; // allowed
import { a11 } from 'node:fs/promises'; // allowed
import { a12 } from './inside.ts'; // allowed
import { a13 } from './sub/deeper.ts'; // allowed
import { a14 } from 'zod'; // allowed
import { a15 } from 'fflate'; // allowed
import { a16 } from '@noble/curves/ed25519.js'; // allowed
import { a17 } from 'electron'; // refused
import type { a18 } from 'electron'; // refused
import { a19 } from '../services/x.ts'; // allowed
import { a20 } from '../hub/x.ts'; // refused
import { a21 } from '../main/x.ts'; // refused
import { a22 } from '../preload/x.ts'; // refused
import { a23 } from '../../shared/kernel/hash.ts'; // refused
import { a24 } from '../../renderer/app/x.ts'; // refused
import type { a25 } from 'react'; // refused
import { a26 } from 'pdf-lib'; // refused
import { a27 } from 'fs'; // refused
import { a28 } from '#nosuchroom'; // refused
