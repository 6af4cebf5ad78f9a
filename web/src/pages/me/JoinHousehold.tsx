import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { refreshHousehold } from '~/parts/household';
import { Button, Check, Problem } from '~/ui';

/** An invitation, opened from a link or from the notification. */
export default function JoinHousehold({ code }: { code: string }) {
  const { route } = useLocation();
  const [respect, setRespect] = useState(true);
  const [show, setShow] = useState(false);
  const [bring, setBring] = useState(true);
  const { submit, busy, error } = useSubmit(async () => {
    const home = await unwrap(
      api.POST('/v1/household/invitations/{code}/accept', {
        params: { path: { code } },
        body: { respect_limits: respect, show_limits: show, bring_pantry: bring },
      }),
    );
    queries.setQueryData(['household'], home);
    await refreshHousehold();
    toast(t('household.joined'));
    route('/household', true);
  });
  const decline = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/household/invitations/{code}', { params: { path: { code } } }));
    route('/household', true);
  });
  const problem = error ?? decline.error;
  return (
    <Page title={t('household.join')} lead={t('household.join_lead')} reading>
      <form class="card stack" onSubmit={submit}>
        <Check label={t('household.respect')} checked={respect} onChange={setRespect} />
        <Check label={t('household.show')} checked={show} onChange={setShow} />
        <Check label={t('household.bring_pantry')} checked={bring} onChange={setBring} />
        <p class="hint">{t('household.alone')}</p>
        {problem != null && <Problem error={problem} />}
        <div class="row">
          <Button kind="primary" type="submit" busy={busy}>
            {t('household.join')}
          </Button>
          <Button busy={decline.busy} onClick={() => void decline.submit()}>
            {t('household.decline')}
          </Button>
        </div>
      </form>
    </Page>
  );
}
