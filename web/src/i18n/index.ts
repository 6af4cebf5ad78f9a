/** The two languages of the client. A word that is missing in one of them breaks the build. */
import { signal } from '@preact/signals';
import { dayAt } from '~/lib/zone';
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

/** A word of a sentence where it stands alone. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/*
 * Numbers and days are written by hand: the browser's formatters take up to 50 ms of a phone to make, each for the first
 * of its kind on a page, and these are the forms of two languages.
 */

/** "1,234.5", and "1.234,5" in Vietnamese; no digits after the mark that say nothing. */
export function number(value: number, digits: 0 | 1 | 2 = 2): string {
  const [group, mark] = language.value === 'vi' ? ['.', ','] : [',', '.'];
  // The smallest step up has 1.005 rounded as it is read, and not as its nearest binary fraction.
  const [whole = '', rest = ''] = (value * (1 + Number.EPSILON)).toFixed(digits).split('.');
  const decimals = rest.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return (decimals ? `${grouped}${mark}${decimals}` : grouped).replace(/^-0$/, '0');
}

/** The day of a moment where the person is; yyyy-mm-dd is that day everywhere. */
function dayOf(iso: string): Date {
  const [year, month, day] = (iso.length === 'yyyy-mm-dd'.length ? iso : dayAt(new Date(iso)))
    .split('-')
    .map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day);
}

/** "21 Nov 2026", "21 thg 11, 2026". */
export function date(iso: string): string {
  const day = dayOf(iso);
  const month = day.getMonth() + 1;
  const name = language.value === 'vi' ? `thg ${month},` : monthWord(month).slice(0, 3);
  return `${day.getDate()} ${name} ${day.getFullYear()}`;
}

/** "Monday 30/11", "Thứ Hai, 30/11". */
export function weekday(iso: string): string {
  const day = dayOf(iso);
  const name = t('time.weekdays').split('|')[day.getDay()];
  return `${name}${language.value === 'vi' ? ',' : ''} ${day.getDate()}/${day.getMonth() + 1}`;
}

/** "November 2026", of yyyy-mm. */
export function monthName(month: string): string {
  const [year, at] = month.split('-').map(Number);
  return `${monthWord(at ?? 1)} ${language.value === 'vi' ? 'năm ' : ''}${year}`;
}

const monthWord = (month: number): string => t('time.months').split('|')[month - 1] ?? '';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How long ago something was; the day where it was more than a week ago. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((now - new Date(iso).getTime()) / 1000);
  if (seconds < MINUTE) return t('common.just_now');
  if (seconds < HOUR) return t('time.minutes_ago', { count: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return t('time.hours_ago', { count: Math.floor(seconds / HOUR) });
  const days = Math.round(seconds / DAY);
  if (days > 7) return date(iso);
  return days === 1 ? t('time.yesterday') : t('time.days_ago', { count: days });
}

/** How long somebody has to wait, in the largest unit of which there is one; never less than it takes. */
export function waiting(seconds: number): string {
  if (seconds <= MINUTE) return t('wait.seconds', { count: seconds });
  if (seconds <= HOUR) return t('wait.minutes', { count: Math.ceil(seconds / MINUTE) });
  if (seconds <= DAY) return t('wait.hours', { count: Math.ceil(seconds / HOUR) });
  return t('wait.days', { count: Math.ceil(seconds / DAY) });
}

export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return t('time.minutes', { count: rest });
  return rest ? t('time.hours_minutes', { hours, minutes: rest }) : t('time.hours', { count: hours });
}
