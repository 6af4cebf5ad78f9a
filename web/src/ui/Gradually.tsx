/** What is in sight is drawn at once, and the rest a little at a time: between, the browser can answer a touch. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Take the first of a list at once and then one after the other, each in a task of its own. */
export function useGradually<T>(items: readonly T[], first: number): readonly T[] {
  const [count, setCount] = useState(first);
  const isMore = count < items.length;
  useEffect(() => {
    if (!isMore) return;
    const timer = setTimeout(() => setCount((before) => before + 1), 0);
    return () => clearTimeout(timer);
  }, [isMore, count]);
  return items.slice(0, count);
}

interface Props<T> {
  items: readonly T[];
  /** How many are drawn at once: as many as a phone shows. */
  first: number;
  /** Depends on the item alone: each is drawn once, and again when the list holds another object in its place. */
  draw: (item: T) => VNode;
  /** What stands below the list when all of it is there. */
  children?: ComponentChildren;
}

export function Gradually<T extends object>({ items, first, draw, children }: Props<T>) {
  const drawn = useRef(new WeakMap<T, VNode>()).current;
  const shown = useGradually(items, first);
  return (
    <>
      {shown.map((item) => {
        const node = drawn.get(item) ?? draw(item);
        drawn.set(item, node);
        return node;
      })}
      {shown.length === items.length && children}
    </>
  );
}
