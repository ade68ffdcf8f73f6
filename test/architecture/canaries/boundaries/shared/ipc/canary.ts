import '#kernel'; // allowed
import 'zod'; // allowed
import './contract.ts'; // allowed
import '#pack'; // refused
import 'electron'; // refused
import 'node:fs'; // refused
import '#audit'; // refused
