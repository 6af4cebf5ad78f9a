/** The version of these texts. Who changes them changes this and the default of `TERMS_VERSION` (docs/web.md). */
export const VERSION = '2026-11-28';

export interface Section {
  title: string;
  paragraphs: string[];
}

export interface Texts {
  terms: Section[];
  privacy: Section[];
}
