import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ApiError } from '~/api/errors';
import * as session from '~/api/session';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { Button, Input, Notice, Problem } from '~/ui';

/** Only addresses of this client: what stands behind `next` comes from the address bar. */
export const safeNext = (next: string | undefined): string =>
  next && /^\/(?![/\\])/.test(next) ? next : '/';

export default function Login() {
  const { query, route } = useLocation();
  const [username, setUsername] = useState(query.username ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [challenge, setChallenge] = useState<session.Challenge | null>(null);
  const { submit, busy, error } = useSubmit(async () => {
    if (challenge) await session.answerChallenge(challenge.session, username, code);
    else {
      const next = await session.signIn(username.trim(), password);
      if (next) {
        setChallenge(next);
        return;
      }
    }
    route(safeNext(query.next), true);
  });
  const unconfirmed =
    error instanceof ApiError && error.code === 'not_confirmed' ? error.username || username.trim() : '';
  return (
    <Page title={t('auth.sign_in')} reading>
      {query.next && <Notice>{t('auth.sign_in_first')}</Notice>}
      <form class="card stack" onSubmit={submit}>
        {challenge ? (
          <Input
            label={t('auth.code_app')}
            value={code}
            onText={setCode}
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={6}
            required
            autoFocus
          />
        ) : (
          <>
            <Input
              label={t('auth.username_or_email')}
              value={username}
              onText={setUsername}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
            />
            <Input
              label={t('auth.password')}
              type="password"
              value={password}
              onText={setPassword}
              autocomplete="current-password"
              required
            />
          </>
        )}
        {unconfirmed ? (
          <Notice kind="warn" role="alert">
            {t('auth.not_confirmed')}{' '}
            <a href={`/confirm?username=${encodeURIComponent(unconfirmed)}`}>{t('auth.enter_code')}</a>
          </Notice>
        ) : (
          error != null && <Problem error={error} />
        )}
        <Button kind="primary" type="submit" busy={busy} wide>
          {t('auth.sign_in')}
        </Button>
      </form>
      <p class="row-between">
        <a href="/register">{t('auth.register')}</a>
        <a href="/reset">{t('auth.forgot')}</a>
      </p>
    </Page>
  );
}
