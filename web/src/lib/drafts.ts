/** What somebody typed and has not sent, kept over a reload, an expired session and a lost network. */
import { useEffect, useRef, useState } from 'preact/hooks';

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
  const cleared = useRef(false);
  useEffect(() => {
    if (cleared.current) return;
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // Storage is full or closed: the draft lives as long as the page.
    }
  }, [name, value]);
  const clear = () => {
    cleared.current = true;
    dropDraft(name);
  };
  return [value, setValue, clear];
}
