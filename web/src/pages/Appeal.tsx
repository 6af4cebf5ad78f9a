import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { Area, Notice } from '~/ui';
import { Send } from '~/ui/Send';

type Body = Schemas['AppealInRequest'];

/** Ask for another look at what a moderator decided: once a decision, and another moderator looks. */
export default function Appeal({ type, id }: { type: string; id: string }) {
  const [text, setText, clear] = useDraft(`appeal:${type}:${id}`, '');
  const [isSent, setSent] = useState(false);
  const { submit, busy, error, about } = useSubmit(async () => {
    const body: Body = { target_type: type as Body['target_type'], target_id: id, text: text.trim() };
    await unwrap(api.POST('/v1/appeals', { body }));
    clear();
    setSent(true);
  });
  return (
    <Page title={t('appeal.ask')} lead={t('appeal.lead')} reading>
      {isSent ? (
        <Notice kind="good" role="status">
          {t('appeal.sent')}
        </Notice>
      ) : (
        <form class="card stack" onSubmit={submit}>
          <Area
            label={t('appeal.text')}
            value={text}
            onText={setText}
            maxLength={2000}
            error={about('text')}
            required
          />
          <Send
            busy={busy}
            error={about('text') ? null : error}
            label={t('appeal.send')}
            disabled={!text.trim()}
          />
        </form>
      )}
    </Page>
  );
}
