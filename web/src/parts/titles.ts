/** What a dish is called, in the language of the person where it has a name in it. */
import { language } from '~/i18n';

interface Titled {
  title: string;
  translated_title?: string | null;
  language?: string;
}

const isForeign = (one: Titled): boolean => Boolean(one.translated_title) && one.language !== language.value;

export const titleOf = (one: Titled): string =>
  isForeign(one) ? (one.translated_title ?? one.title) : one.title;

/** The name in the other language, where it is another one. */
export function otherTitleOf(one: Titled): string | undefined {
  const other = isForeign(one) ? one.title : one.translated_title;
  return other && other !== titleOf(one) ? other : undefined;
}
