import '#evidence'; // allowed
import '#population'; // allowed
import '#audit'; // allowed
import './dropSource.ts'; // allowed
import '#pack'; // refused
import '#assembly'; // refused
import 'node:crypto'; // refused
import 'hash-wasm'; // refused
