import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Button, Input, Notice, Problem } from '~/ui';

/** Turn the second factor on (a secret for an authenticator app, proven with a code), or off again. */
export default function Mfa() {
  const [secret, setSecret] = useState<{ secret: string; otpauth_uri: string } | null>(null);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const begin = useSubmit(async () =>
    setSecret(await unwrap(api.POST('/v1/auth/mfa', { body: { password } }))),
  );
  const verify = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/mfa/verify', { body: { password, code: code.trim() } }));
    setDone(true);
    toast(t('mfa.on'));
  });
  return (
    <Page title={t('mfa.title')} lead={t('mfa.lead')} reading>
      {done ? (
        <Notice kind="good" role="status">
          {t('mfa.on')}
        </Notice>
      ) : !secret ? (
        <div class="stack-s">
          {isOn(begin.error) ? (
            <TurnOff />
          ) : (
            <form class="card stack" onSubmit={begin.submit}>
              <Input
                label={t('data.password')}
                type="password"
                value={password}
                onText={setPassword}
                autocomplete="current-password"
                error={begin.about('password')}
                required
              />
              {begin.error != null && !begin.about('password') && <Problem error={begin.error} />}
              <div>
                <Button kind="primary" type="submit" busy={begin.busy}>
                  {t('mfa.begin')}
                </Button>
              </div>
            </form>
          )}
        </div>
      ) : (
        <form class="card stack" onSubmit={verify.submit}>
          <p>{t('mfa.secret')}</p>
          <p>
            <code class="secret">{secret.secret}</code>
          </p>
          <p>
            <a href={secret.otpauth_uri}>{t('mfa.open_app')}</a>
          </p>
          <Input
            label={t('auth.code_app')}
            value={code}
            onText={setCode}
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={6}
            error={verify.about('code')}
            required
          />
          {verify.error != null && !verify.about('code') && <Problem error={verify.error} />}
          <div>
            <Button kind="primary" type="submit" busy={verify.busy}>
              {t('mfa.verify')}
            </Button>
          </div>
        </form>
      )}
    </Page>
  );
}

function isOn(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'mfa_enabled';
}

/** Who turns it off proves both factors once more: a stolen session alone is not enough. */
function TurnOff() {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const end = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/auth/mfa', { body: { password, code: code.trim() } }));
    setDone(true);
    toast(t('mfa.off'));
  });
  if (done) {
    return (
      <Notice kind="good" role="status">
        {t('mfa.off')}
      </Notice>
    );
  }
  const named = end.about('password') || end.about('code');
  return (
    <form class="card stack" onSubmit={end.submit}>
      <p>{t('mfa.is_on')}</p>
      <Input
        label={t('auth.password')}
        type="password"
        value={password}
        onText={setPassword}
        autocomplete="current-password"
        error={end.about('password')}
        required
      />
      <Input
        label={t('auth.code_app')}
        value={code}
        onText={setCode}
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        error={end.about('code')}
        required
      />
      {end.error != null && !named && <Problem error={end.error} />}
      <div>
        <Button type="submit" busy={end.busy}>
          {t('mfa.turn_off')}
        </Button>
      </div>
    </form>
  );
}
