/** The two languages of the client. A word that is missing in one of them breaks the build. */
import { computed, signal } from '@preact/signals';
import { en } from './en';
import { vi } from './vi';

export type Language = 'vi' | 'en';
export type Word = keyof typeof vi;
type Values = Record<string, string | number>;

const WORDS: Record<Language, Record<Word, string>> = { vi, en };
const KEY = 'language';

export const language = signal<Language>(initial());

function initial(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'vi' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}

export function setLanguage(next: Language): void {
  localStorage.setItem(KEY, next);
  language.value = next;
}

language.subscribe((value) => {
  document.documentElement.lang = value;
});

/** Return a text with its values put in; `{count|one|other}` chooses by number. */
export function t(word: Word, values: Values = {}): string {
  return WORDS[language.value][word].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, other) => {
    const value = values[name] ?? '';
    if (other === undefined) return String(value);
    return (Number(value) === 1 ? one : other).replace('#', String(value));
  });
}

const locale = computed(() => (language.value === 'vi' ? 'vi-VN' : 'en-GB'));

/** Make a formatter once for each language: making one takes longer than a hundred uses of it. */
function kept<Format>(make: (locale: string) => Format): () => Format {
  const made = new Map<string, Format>();
  return () => {
    const format = made.get(locale.value) ?? make(locale.value);
    made.set(locale.value, format);
    return format;
  };
}

const numbers = [0, 1, 2].map((digits) =>
  kept((name) => new Intl.NumberFormat(name, { maximumFractionDigits: digits })),
);
const days = kept((name) => new Intl.DateTimeFormat(name, { dateStyle: 'medium' }));
const weekdays = kept(
  (name) => new Intl.DateTimeFormat(name, { weekday: 'long', day: 'numeric', month: 'numeric' }),
);
const months = kept(
  (name) => new Intl.DateTimeFormat(name, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
);
const distances = kept((name) => new Intl.RelativeTimeFormat(name, { numeric: 'auto' }));

export const number = (value: number, digits: 0 | 1 | 2 = 2): string =>
  (numbers[digits]?.() ?? new Intl.NumberFormat(locale.value)).format(value);

export const date = (iso: string): string => days().format(new Date(iso));

export const weekday = (iso: string): string => weekdays().format(new Date(iso));

/** "November 2026", of yyyy-mm. */
export const monthName = (month: string): string => months().format(new Date(`${month}-01T00:00:00Z`));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return date(iso);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return distances().format(Math.round(seconds / length), unit);
  }
  return t('common.just_now');
}

export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return t('time.minutes', { count: rest });
  return rest ? t('time.hours_minutes', { hours, minutes: rest }) : t('time.hours', { count: hours });
}
