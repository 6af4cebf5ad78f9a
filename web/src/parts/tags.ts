/** Tags of recipes in words: those that a method, meal or diet has already, and their own. */
import { t, type Word } from '~/i18n';
import { vi } from '~/i18n/vi';

const PREFIXES = ['tag', 'method', 'meal', 'diet'] as const;

export function tagName(name: string): string {
  const word = PREFIXES.map((prefix) => `${prefix}.${name}`).find((one) => one in vi);
  return word ? t(word as Word) : name;
}
