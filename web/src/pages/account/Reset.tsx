import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Button, Input, Problem } from '~/ui';

/** A code by mail, and a new password. While one reads the mail, a phone may close this page: it opens where it was. */
export default function Reset() {
  const { route } = useLocation();
  const [{ username, sent }, setAsked, forgetAsked] = useDraft('reset', { username: '', sent: false });
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const send = () => unwrap(api.POST('/v1/auth/forgot-password', { body: { username: username.trim() } }));
  const again = useSubmit(async () => {
    await send();
    toast(t('auth.code_sent'));
  });
  const { submit, busy, error, about } = useSubmit(async () => {
    if (!sent) {
      await send();
      setAsked({ username, sent: true });
      return;
    }
    await unwrap(
      api.POST('/v1/auth/reset-password', {
        body: { username: username.trim(), code: code.trim(), new_password: password },
      }),
    );
    forgetAsked();
    toast(t('auth.password_changed'));
    route(`/login?username=${encodeURIComponent(username.trim())}`);
  });
  return (
    <Page title={t('auth.reset')} lead={t(sent ? 'auth.reset_sent' : 'auth.reset_lead')} reading>
      <form class="card stack" onSubmit={submit}>
        <Input
          label={t('auth.username_or_email')}
          value={username}
          onText={(text) => setAsked({ username: text, sent })}
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
        {again.error != null && <Problem error={again.error} />}
        <Button kind="primary" type="submit" busy={busy} wide>
          {t(sent ? 'auth.set_password' : 'auth.send_code')}
        </Button>
        {sent && (
          <Button kind="quiet" busy={again.busy} onClick={() => void again.submit()}>
            {t('auth.send_again')}
          </Button>
        )}
      </form>
    </Page>
  );
}
