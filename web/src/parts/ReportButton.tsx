import { Flag } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Area, Button, Choice, Dialog, IconButton, Problem } from '~/ui';

type Body = Schemas['ReportInRequest'];
const REASONS = [
  'spam',
  'harassment',
  'hate',
  'violence',
  'nudity',
  'false_information',
  'unsafe',
  'copyright',
  'other',
] as const;

/** Report a post, comment, recipe or person to the moderators. */
export function ReportButton({ type, id }: { type: Body['target_type']; id: string }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton label={t('report.title')} onClick={() => setOpen(true)}>
        <Flag size={20} aria-hidden="true" />
      </IconButton>
      <Dialog title={t('report.title')} open={open} onClose={close}>
        <ReportForm type={type} id={id} onDone={close} />
      </Dialog>
    </>
  );
}

function ReportForm({ type, id, onDone }: { type: Body['target_type']; id: string; onDone: () => void }) {
  const [reason, setReason] = useState<string[]>([]);
  const [note, setNote, forgetNote] = useDraft(`report-${type}-${id}`, '');
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.POST('/v1/reports', {
        body: {
          target_type: type,
          target_id: id,
          reason: reason[0] as Body['reason'],
          note: note || null,
        } as Body,
      }),
    );
    forgetNote();
    toast(t('report.thanks'));
  }, onDone);
  return (
    <form class="stack" onSubmit={submit}>
      <Choice
        legend={t('report.why')}
        single
        options={REASONS.map((one) => ({ value: one, label: t(`report.${one}`) }))}
        chosen={reason}
        onChange={setReason}
      />
      <Area label={t('report.note')} value={note} onText={setNote} maxLength={500} />
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={!reason.length}>
          {t('report.send')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
