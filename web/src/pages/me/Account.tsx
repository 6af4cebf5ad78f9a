import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Input, Notice, Problem, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';
import { NONE, ProofFields, sent } from './Proof';

/** Change username and e-mail address: each takes the password, and a code where signing in takes one. */
export default function Account() {
  const { data, error, refetch } = useQuery({
    queryKey: ['me'],
    queryFn: () => unwrap(api.GET('/v1/users/me')),
  });
  return (
    <Page title={t('account.title')} reading>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeletons count={2} />}
      {data && (
        <>
          <Username current={data.username} />
          <Email current={data.email} />
        </>
      )}
    </Page>
  );
}

function Username({ current }: { current: string }) {
  const [username, setUsername] = useState(current);
  const [proof, setProof] = useState(NONE);
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(
      api.POST('/v1/auth/change-username', {
        body: { username: username.trim().toLowerCase(), ...sent(proof) },
      }),
    );
    setProof(NONE);
    await queries.invalidateQueries({ queryKey: ['me'] });
    toast(t('account.username_changed'));
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('auth.username')}</h2>
      <p class="soft">{t('account.username_lead')}</p>
      <Input
        label={t('account.new_username')}
        hint={t('auth.username_hint')}
        value={username}
        onText={setUsername}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        error={about('username')}
        required
      />
      <ProofFields value={proof} onChange={setProof} about={about} error={error} />
      <Send
        busy={busy}
        error={about('username') || about('password') ? null : error}
        label={t('account.change_username')}
        disabled={username.trim().toLowerCase() === current}
      />
    </form>
  );
}

function Email({ current }: { current: string }) {
  const [email, setEmail] = useState('');
  const [proof, setProof] = useState(NONE);
  const [isMailed, setMailed] = useState(false);
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/change-email', { body: { email: email.trim(), ...sent(proof) } }));
    setProof(NONE);
    setMailed(true);
  });
  if (isMailed) return <ConfirmEmail email={email.trim()} onDone={() => setMailed(false)} />;
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('auth.email')}</h2>
      <p class="soft">{t('account.email_lead', { email: current })}</p>
      <Input
        label={t('account.new_email')}
        type="email"
        autocomplete="email"
        value={email}
        onText={setEmail}
        error={about('email')}
        required
      />
      <ProofFields value={proof} onChange={setProof} about={about} error={error} />
      <Send
        busy={busy}
        error={about('email') || about('password') ? null : error}
        label={t('account.mail_code')}
      />
    </form>
  );
}

function ConfirmEmail({ email, onDone }: { email: string; onDone: () => void }) {
  const [code, setCode] = useState('');
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(api.POST('/v1/auth/change-email/confirm', { body: { code: code.trim() } }));
    await queries.invalidateQueries({ queryKey: ['me'] });
    toast(t('account.email_changed'));
    onDone();
  });
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>{t('auth.email')}</h2>
      <Notice>{t('account.code_mailed', { email })}</Notice>
      <Input
        label={t('auth.code')}
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        value={code}
        onText={setCode}
        error={about('code')}
        required
      />
      <Send
        busy={busy}
        error={about('code') ? null : error}
        label={t('account.confirm_email')}
        onCancel={onDone}
      />
    </form>
  );
}
