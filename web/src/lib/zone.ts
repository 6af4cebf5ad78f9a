/** The person's time zone: the service counts their days in it, wherever the device is. Days are yyyy-mm-dd. */
import { signal } from '@preact/signals';

const KEY = 'timezone';

/** Empty until the service has said which it is; the device's zone serves until then. */
export const zone = signal(localStorage.getItem(KEY) ?? '');

export function setZone(next: string): void {
  localStorage.setItem(KEY, next);
  zone.value = next;
}

// Making a formatter takes up to 50 ms of a phone: one for each zone.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(): Intl.DateTimeFormat {
  const name = zone.value;
  const made = formatters.get(name) ?? make(name);
  formatters.set(name, made);
  return made;
}

function make(name: string): Intl.DateTimeFormat {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', name ? { ...options, timeZone: name } : options);
  } catch {
    // The service knows zones that an older browser does not.
    return new Intl.DateTimeFormat('en-US', options);
  }
}

/** The person's day at a moment. */
export function dayAt(moment: Date): string {
  const parts = Object.fromEntries(
    formatter()
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** Today where the person is. */
export const today = (now = new Date()): string => dayAt(now);

const DAY = 86_400_000;
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: string, count: number): string =>
  new Date(midnight(day) + count * DAY).toISOString().slice(0, 10);

export const daysFrom = (start: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addDays(start, index));

/** Whole days from today to a date; negative once it has passed. */
export const daysUntil = (day: string, now = new Date()): number =>
  Math.round((midnight(day) - midnight(today(now))) / DAY);

/** This month and those before it, as yyyy-mm. */
export function lastMonths(count: number, now = new Date()): string[] {
  const [year = 0, month = 1] = today(now).split('-').map(Number);
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  );
}
