/** Which terms somebody has accepted: asked for once, shown where one accepts, and a reminder on every page. */
import { api, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { date, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { Button, Problem } from '~/ui';

const HOUR = 3_600_000;

const useConsent = () =>
  useQuery({
    queryKey: ['consent'],
    queryFn: () => unwrap(api.GET('/v1/users/me/consent')),
    staleTime: HOUR,
  });

/** Pages on which one accepts need no reminder. */
const ACCEPTED_ON = new Set(['/terms', '/settings/data']);

export function ConsentBanner({ path }: { path: string }) {
  const { data } = useConsent();
  if (!data?.required || ACCEPTED_ON.has(path)) return null;
  return (
    <aside class="banner" aria-label={t('terms.title')}>
      {t(data.accepted_version ? 'terms.changed' : 'terms.asked')} <a href="/terms">{t('terms.read')}</a>
    </aside>
  );
}

export function Consent() {
  const { data, error, refetch } = useConsent();
  const accept = useSubmit(async () => {
    if (!data) return;
    const body = { version: data.current_version };
    queries.setQueryData(['consent'], await unwrap(api.PUT('/v1/users/me/consent', { body })));
  });
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section class="card stack-s">
      <h2>{t('terms.consent')}</h2>
      {data.accepted_at && (
        <p>{t('terms.accepted', { version: data.accepted_version ?? '', date: date(data.accepted_at) })}</p>
      )}
      {accept.error != null && <Problem error={accept.error} onRetry={() => void refetch()} />}
      {data.required && (
        <div class="stack-s">
          <p>{t('terms.current', { version: data.current_version })}</p>
          <div>
            <Button kind="primary" busy={accept.busy} onClick={() => void accept.submit()}>
              {t('terms.accept')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
