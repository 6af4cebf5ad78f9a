import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Button, Input, Problem } from '~/ui';

export default function Reset() {
  const { route } = useLocation();
  const [username, setUsername] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [sent, setSent] = useState(false);
  const { submit, busy, error, about } = useSubmit(async () => {
    if (!sent) {
      await unwrap(api.POST('/v1/auth/forgot-password', { body: { username: username.trim() } }));
      setSent(true);
      return;
    }
    await unwrap(
      api.POST('/v1/auth/reset-password', {
        body: { username: username.trim(), code: code.trim(), new_password: password },
      }),
    );
    toast(t('auth.password_changed'));
    route('/login');
  });
  return (
    <Page title={t('auth.reset')} lead={t(sent ? 'auth.reset_sent' : 'auth.reset_lead')} reading>
      <form class="card stack" onSubmit={submit}>
        <Input
          label={t('auth.username_or_email')}
          value={username}
          onText={setUsername}
          autocomplete="username"
          autocapitalize="none"
          required
        />
        {sent && (
          <>
            <Input
              label={t('auth.code')}
              value={code}
              onText={setCode}
              inputMode="numeric"
              autocomplete="one-time-code"
              error={about('code')}
              required
            />
            <Input
              label={t('auth.new_password')}
              hint={t('auth.password_hint')}
              type="password"
              value={password}
              onText={setPassword}
              autocomplete="new-password"
              error={about('new_password')}
              required
            />
          </>
        )}
        {error != null && !about('code') && !about('new_password') && <Problem error={error} />}
        <Button kind="primary" type="submit" busy={busy} wide>
          {t(sent ? 'auth.set_password' : 'auth.send_code')}
        </Button>
      </form>
    </Page>
  );
}
