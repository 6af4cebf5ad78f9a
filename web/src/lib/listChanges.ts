/**
 * Changes of shopping lists that the server does not have yet: kept over reloads, sent as soon as there is a network.
 * The API keeps for each field of an item what was written to it last, so that only the changed fields are kept and sent.
 */
import { signal } from '@preact/signals';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries } from '~/api/queries';

type Item = Schemas['ListItemOut'];
export type ItemValues = Partial<Pick<Item, 'name' | 'checked' | 'note' | 'quantity' | 'unit'>>;

export interface Change {
  list: string;
  item: string;
  /** Null: the item is to be removed. */
  values: ItemValues | null;
}

export const LIST_CHANGES = 'list-changes';
const RETRY_SECONDS = 10;
export const changes = signal<Change[]>(kept());
let retry: ReturnType<typeof setTimeout> | undefined;

function kept(): Change[] {
  try {
    return JSON.parse(localStorage.getItem(LIST_CHANGES) ?? '[]') as Change[];
  } catch {
    return [];
  }
}

function keep(next: Change[]): void {
  changes.value = next;
  localStorage.setItem(LIST_CHANGES, JSON.stringify(next));
}

// Another tab has changed or sent something.
addEventListener('storage', (event) => {
  if (event.key === LIST_CHANGES || event.key === null) changes.value = kept();
});

/** Add a change to those that are waiting; of one item there is at most one. */
export function merge(waiting: readonly Change[], change: Change): Change[] {
  const isSame = (one: Change) => one.list === change.list && one.item === change.item;
  const before = waiting.find(isSame);
  const values = change.values && before?.values ? { ...before.values, ...change.values } : change.values;
  return [...waiting.filter((one) => !isSame(one)), { ...change, values }];
}

/** Return the items of a list as they will be once all changes have arrived. */
export function withChanges(list: string, items: readonly Item[], waiting: readonly Change[]): Item[] {
  const mine = waiting.filter((one) => one.list === list);
  const found = new Map(mine.map((one) => [one.item, one.values]));
  const known = new Set(items.map((item) => item.id));
  const changed = items
    .filter((item) => found.get(item.id) !== null)
    .map((item) => ({ ...item, ...found.get(item.id) }));
  const added = mine
    .filter((one) => one.values?.name && !known.has(one.item))
    .map((one) => ({ ...BLANK, id: one.item, ...one.values }));
  return [...changed, ...added] as Item[];
}

const BLANK = {
  ingredient_id: null,
  quantity: null,
  unit: null,
  aisle: 'other',
  have: null,
  packs: null,
  checked: false,
  checked_by: null,
  note: null,
  for: [],
} satisfies Omit<Item, 'id' | 'name'>;

export function change(list: string, item: string, values: ItemValues | null): void {
  keep(merge(changes.value, { list, item, values }));
  void sendChanges();
}

/** Send what is waiting, one tab at a time. What the server refuses for good is dropped, all else waits on. */
export async function sendChanges(): Promise<void> {
  clearTimeout(retry);
  await navigator.locks.request('list-changes', async () => {
    for (let next = kept()[0]; next; next = kept()[0]) {
      if (!(await arrives(next))) {
        retry = setTimeout(() => void sendChanges(), RETRY_SECONDS * 1000);
        return;
      }
      await queries.cancelQueries({ queryKey: ['list', next.list] });
      taken(next);
      await queries.invalidateQueries({ queryKey: ['list', next.list] });
    }
  });
}

async function arrives({ list, item, values }: Change): Promise<boolean> {
  const params = { path: { list_id: list, item_id: item } };
  try {
    const path = '/v1/lists/{list_id}/items/{item_id}';
    if (values) remember(list, await unwrap(api.PUT(path, { params, body: values as never })));
    else await unwrap(api.DELETE(path, { params }));
    return true;
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0;
    return status >= 400 && status < 500 && status !== 401 && status !== 429;
  }
}

/** The page shows what the server has answered until it reads the list again. */
function remember(list: string, item: Item): void {
  queries.setQueryData<Schemas['ShoppingListOut']>(['list', list], (before) => {
    if (!before) return before;
    const isKnown = before.items.some((one) => one.id === item.id);
    const items = isKnown
      ? before.items.map((one) => (one.id === item.id ? item : one))
      : [...before.items, item];
    return { ...before, items };
  });
}

/** Take a change off; what was changed in the meantime stays. */
function taken(sent: Change): void {
  const rest = kept().filter((one) => JSON.stringify(one) !== JSON.stringify(sent));
  keep(rest);
}

addEventListener('online', () => void sendChanges());
