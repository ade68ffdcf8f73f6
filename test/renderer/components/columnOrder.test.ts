import { expect, test } from 'vitest';
import { inOrder } from '../../../renderer/components/columnOrder.ts';

const columns = (ids: string) => [...ids].map((id) => ({ id }));
const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join('');

test('columns stand as they were dragged; a new one stays behind the one it follows, and one that is gone is no matter', () => {
	expect(ids(inOrder(columns('abcd'), [...'dacb']))).toBe('dacb');
	expect(ids(inOrder(columns('abxcd'), [...'dacb']))).toBe('dacbx');
	expect(ids(inOrder(columns('yab'), [...'baz']))).toBe('yba');
	expect(ids(inOrder(columns('abc'), []))).toBe('abc');
});
