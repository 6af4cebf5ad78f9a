import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { Button, Input, Problem } from '~/ui';

export default function Register() {
  const { route } = useLocation();
  const [values, setValues, clear] = useDraft('register', { username: '', email: '', full_name: '' });
  const [password, setPassword] = useState('');
  const set = (name: keyof typeof values) => (text: string) =>
    setValues((before) => ({ ...before, [name]: text }));
  const { submit, busy, error, about } = useSubmit(async () => {
    const username = values.username.trim().toLowerCase();
    await unwrap(api.POST('/v1/auth/register', { body: { ...values, username, password } }));
    clear();
    route(`/confirm?username=${encodeURIComponent(username)}`);
  });
  const known = ['username', 'email', 'full_name', 'password'].some((name) => about(name));
  return (
    <Page title={t('auth.register')} lead={t('auth.register_lead')} reading>
      <form class="card stack" onSubmit={submit}>
        <Input
          label={t('auth.full_name')}
          value={values.full_name}
          onText={set('full_name')}
          autocomplete="name"
          error={about('full_name')}
          maxLength={100}
          required
        />
        <Input
          label={t('auth.username')}
          hint={t('auth.username_hint')}
          value={values.username}
          onText={set('username')}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          error={about('username')}
          minLength={3}
          maxLength={30}
          required
        />
        <Input
          label={t('auth.email')}
          type="email"
          value={values.email}
          onText={set('email')}
          autocomplete="email"
          error={about('email')}
          required
        />
        <Input
          label={t('auth.password')}
          hint={t('auth.password_hint')}
          type="password"
          value={password}
          onText={setPassword}
          autocomplete="new-password"
          error={about('password')}
          minLength={8}
          required
        />
        {error != null && !known && <Problem error={error} />}
        <p class="small soft">
          {t('terms.by_registering')}{' '}
          <a href="/terms" target="_blank" rel="noopener">
            {t('terms.title')}
          </a>
        </p>
        <Button kind="primary" type="submit" busy={busy} wide>
          {t('auth.register')}
        </Button>
      </form>
      <p class="center">
        {t('auth.have_account')} <a href="/login">{t('auth.sign_in')}</a>
      </p>
    </Page>
  );
}
