/** What somebody typed and has not sent, kept over a reload, an expired session and a lost network. */
import { useRef, useState } from 'preact/hooks';

const PREFIX = 'draft:';

export function readDraft<T>(name: string): T | null {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept ? (JSON.parse(kept) as T) : null;
  } catch {
    return null;
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(PREFIX + name);
}

/** State that survives a reload until `clear` is called, as it is once the server has taken it. */
export function useDraft<T>(
  name: string,
  initial: T,
): [T, (next: T | ((before: T) => T)) => void, () => void] {
  const [value, setValue] = useState<T>(() => readDraft<T>(name) ?? initial);
  const latest = useRef(value);
  // At once, and not in an effect: a page that goes away at this moment runs none.
  const change = (next: T | ((before: T) => T)) => {
    latest.current = typeof next === 'function' ? (next as (before: T) => T)(latest.current) : next;
    setValue(latest.current);
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(latest.current));
    } catch {
      // Storage is full or closed: the draft lives as long as the page.
    }
  };
  return [value, change, () => dropDraft(name)];
}
