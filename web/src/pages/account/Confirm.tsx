import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Button, Input, Problem } from '~/ui';

export default function Confirm() {
  const { query, route } = useLocation();
  const [username, setUsername] = useState(query.username ?? '');
  const [code, setCode] = useState('');
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/confirm', { body: { username: username.trim(), code: code.trim() } }));
    toast(t('auth.confirmed'));
    route(`/login?username=${encodeURIComponent(username)}`);
  });
  const again = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/resend-code', { body: { username: username.trim() } }));
    toast(t('auth.code_sent'));
  });
  return (
    <Page title={t('auth.confirm')} lead={t('auth.confirm_lead')} reading>
      <form class="card stack" onSubmit={submit}>
        {!query.username && (
          <Input
            label={t('auth.username')}
            value={username}
            onText={setUsername}
            autocomplete="username"
            required
          />
        )}
        <Input
          label={t('auth.code')}
          value={code}
          onText={setCode}
          inputMode="numeric"
          autocomplete="one-time-code"
          error={about('code')}
          required
        />
        {error != null && !about('code') && <Problem error={error} />}
        {again.error != null && <Problem error={again.error} />}
        <Button kind="primary" type="submit" busy={busy} wide>
          {t('auth.confirm')}
        </Button>
        <Button kind="quiet" busy={again.busy} onClick={() => void again.submit()}>
          {t('auth.send_again')}
        </Button>
      </form>
    </Page>
  );
}
