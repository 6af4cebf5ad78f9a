import { t } from '~/i18n';

/** Plans and what they need from the shop stand side by side. */
export function PlanTabs({ at }: { at: 'plans' | 'lists' }) {
  return (
    <nav class="tabs" aria-label={t('nav.plans')}>
      {(['plans', 'lists'] as const).map((name) => (
        <a
          key={name}
          class={`chip ${at === name ? 'on' : ''}`}
          href={`/${name}`}
          aria-current={at === name ? 'page' : undefined}
        >
          {t(name === 'plans' ? 'nav.plans' : 'lists.title')}
        </a>
      ))}
    </nav>
  );
}
