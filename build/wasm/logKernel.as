// The log kernel: what the host calls. Bytes in, columns out; see layout.as for where they lie.
import { prepareKeys } from './canonical';
import { prepareNodes } from './hashing';
import { prepareOrders } from './orders';
import { prepareHashing } from './sha256';

export { scanLines, scannedTo } from './canonical';
export { foldTiles, hashLines, hashPairs } from './hashing';
export { BATCH, BEFORES, EXPECTED, IDS, ID_LENGTHS, INPUT, LAST_LINES, LEAVES, LENGTHS, NODES, ORDERS, PREVS, PREV_LENGTHS, SEQUENCES, STARTS, STATUSES } from './layout';
export { link, linkLines, takeFlagged } from './orders';

/** Once, before anything else. The host owns what lies from INPUT to `end`. */
export function prepare(end: usize): void {
  prepareHashing();
  prepareNodes();
  prepareKeys();
  prepareOrders(end);
}
