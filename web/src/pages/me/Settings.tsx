import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { language, setLanguage, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useEdited } from '~/lib/edited';
import { useSubmit } from '~/lib/form';
import { setTheme, type Theme, theme } from '~/lib/theme';
import { toast } from '~/lib/toasts';
import { AUDIENCES } from '~/parts/PostCard';
import { Button, Check, Choice, choices, Input, Problem, Select, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';
import { CodeField, codeOf } from './Proof';
import { FoodForm } from './settings/FoodForm';
import { ProfileForm } from './settings/ProfileForm';

type Privacy = Schemas['PrivacyOut'];

export default function Settings() {
  return (
    <Page title={t('settings.title')} reading>
      <Appearance />
      <FoodForm />
      <ProfileForm />
      <PrivacyForm />
      <Mails />
      <Security />
      <Rights />
    </Page>
  );
}

function Appearance() {
  return (
    <section class="card stack">
      <h2>{t('settings.appearance')}</h2>
      <Choice
        single
        legend={t('settings.language')}
        chosen={[language.value]}
        onChange={(chosen) => chosen[0] && setLanguage(chosen[0] as 'vi' | 'en')}
        options={[
          { value: 'vi', label: 'Tiếng Việt' },
          { value: 'en', label: 'English' },
        ]}
      />
      <Choice
        single
        legend={t('settings.theme')}
        chosen={[theme.value]}
        onChange={(chosen) => chosen[0] && setTheme(chosen[0] as Theme)}
        options={choices(['auto', 'light', 'dark'], 'theme')}
      />
    </section>
  );
}

function PrivacyForm() {
  const [value, change, failed, retry] = useEdited<Privacy>('privacy', () =>
    unwrap(api.GET('/v1/users/me/privacy')),
  );
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.PATCH('/v1/users/me/privacy', { body: value as never }));
    toast(t('settings.saved'));
  });
  if (failed && !value) return <Problem error={failed} onRetry={retry} />;
  if (!value) return <Skeletons count={1} />;
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.privacy')}</h2>
      <div class="grid">
        {(['profile', 'email', 'date_of_birth', 'history', 'preferences'] as const).map((name) => (
          <Select
            key={name}
            label={t(`privacy.${name}`)}
            value={value[name]}
            onText={(chosen) => change({ [name]: chosen } as Partial<Privacy>)}
            options={choices(AUDIENCES, 'audience')}
          />
        ))}
      </div>
      <p>
        <a href="/blocked">{t('settings.blocked')}</a> · <a href="/reports">{t('reports.title')}</a>
      </p>
      <Send busy={busy} error={error} />
    </form>
  );
}

type Told = Schemas['NotificationSettingsOut'];

/** What one is told, here and by mail; each choice is kept at once. */
function Mails() {
  const { data, error, refetch } = useQuery({
    queryKey: ['notification-settings'],
    queryFn: () => unwrap(api.GET('/v1/users/me/notification-settings')),
  });
  const set = async (changes: { [way in 'email' | 'in_app']?: Record<string, boolean> }) => {
    const saved = await unwrap(
      api.PATCH('/v1/users/me/notification-settings', { body: changes as never }),
    ).catch(() => null);
    if (saved) queries.setQueryData(['notification-settings'], saved);
    else toast(t('problem.unexpected'));
  };
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeletons count={1} height="6rem" />;
  const names = <W extends 'email' | 'in_app'>(way: W) =>
    Object.keys(data[way]) as (keyof Told[W] & string)[];
  return (
    <section class="card stack-s">
      <h2>{t('settings.mails')}</h2>
      {names('email').map((name) => (
        <Check
          key={name}
          label={t(`mail.${name}`)}
          checked={data.email[name]}
          onChange={(on) => void set({ email: { [name]: on } })}
        />
      ))}
      <h2>{t('settings.in_app')}</h2>
      {names('in_app').map((name) => (
        <Check
          key={name}
          label={t(`told.${name}`)}
          checked={data.in_app[name]}
          onChange={(on) => void set({ in_app: { [name]: on } })}
        />
      ))}
    </section>
  );
}

function Security() {
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [code, setCode] = useState('');
  const { submit, busy, error, about } = useSubmit(async () => {
    const body = { old_password: old, new_password: next, ...codeOf(code) };
    await unwrap(api.POST('/v1/auth/change-password', { body }));
    setOld('');
    setNext('');
    setCode('');
    toast(t('settings.password_changed'));
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('settings.security')}</h2>
      <Input
        label={t('settings.old_password')}
        type="password"
        autocomplete="current-password"
        value={old}
        onText={setOld}
        error={about('old_password')}
        required
      />
      <Input
        label={t('auth.new_password')}
        hint={t('auth.password_hint')}
        type="password"
        autocomplete="new-password"
        value={next}
        onText={setNext}
        error={about('new_password')}
        required
      />
      <CodeField value={code} onText={setCode} about={about} error={error} />
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t('settings.change_password')}
        </Button>
        <a class="button" href="/settings/mfa">
          {t('mfa.title')}
        </a>
        <a class="button" href="/settings/account">
          {t('account.title')}
        </a>
      </div>
    </form>
  );
}

function Rights() {
  return (
    <section class="card stack-s">
      <h2>{t('settings.rights')}</h2>
      <p class="soft">{t('settings.rights_lead')}</p>
      <div class="row">
        <a class="button" href="/settings/data">
          {t('settings.data')}
        </a>
      </div>
    </section>
  );
}
