/** Names of the places in a pack that links lead to. */
export const testAnchor = (test: string): string => `test-${test}`;
export const orderAnchor = (orderId: string): string => `order-${orderId}`;
export const integrityAnchor = (table: string): string => `integrity-${table}`;
export const fileAnchor = (name: string): string => `file-${name}`;
