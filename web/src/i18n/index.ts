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

export const number = (value: number, digits = 2): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);

export const date = (iso: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(iso));

export const weekday = (iso: string): string =>
  new Intl.DateTimeFormat(locale.value, { weekday: 'long', day: 'numeric', month: 'numeric' }).format(
    new Date(iso),
  );

/** "November 2026", of yyyy-mm. */
export const monthName = (month: string): string =>
  new Intl.DateTimeFormat(locale.value, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return date(iso);
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return t('common.just_now');
}

export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return t('time.minutes', { count: rest });
  return rest ? t('time.hours_minutes', { hours, minutes: rest }) : t('time.hours', { count: hours });
}
