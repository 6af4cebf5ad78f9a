import { state } from '~/api/session';
import { date, language, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { Consent } from '~/parts/Consent';
import { en } from './en';
import { type Section, VERSION } from './version';
import { vi } from './vi';

/** The terms and the privacy notice, open to everybody; who has to accept them does so at their end. */
export default function Terms() {
  const texts = { vi, en }[language.value];
  return (
    <Page title={t('terms.title')} lead={t('terms.version', { date: date(VERSION) })} reading>
      <nav class="tabs" aria-label={t('terms.title')}>
        <a class="chip" href="#terms">
          {t('terms.terms')}
        </a>
        <a class="chip" href="#privacy">
          {t('terms.privacy')}
        </a>
      </nav>
      <Part id="terms" title={t('terms.terms')} sections={texts.terms} />
      <Part id="privacy" title={t('terms.privacy')} sections={texts.privacy} />
      {state.value === 'in' && <Consent />}
    </Page>
  );
}

function Part({ id, title, sections }: { id: string; title: string; sections: Section[] }) {
  return (
    <section id={id} class="card stack">
      <h2>{title}</h2>
      {sections.map((section) => (
        <section key={section.title} class="stack-s">
          <h3>{section.title}</h3>
          {section.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
    </section>
  );
}
