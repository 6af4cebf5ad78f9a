import { api, type Schemas, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { ago, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Button, Empty, More, Problem, Skeletons } from '~/ui';

type Report = Schemas['ReportList']['items'][number];

/** What one has reported, to be withdrawn also where one no longer sees it. */
export default function Reports() {
  const list = usePages<Report>(['reports'], (cursor) =>
    unwrap(api.GET('/v1/reports', { params: { query: { cursor, limit: 50 } } })),
  );
  return (
    <Page title={t('reports.title')} reading>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('reports.none')}>
          <p class="soft">{t('reports.none_lead')}</p>
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((report) => (
            <li key={report.target_id}>
              <Line report={report} onGone={() => void list.refetch()} />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}

function Line({ report, onGone }: { report: Report; onGone: () => void }) {
  const { target_type, target_id } = report;
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.DELETE('/v1/reports/{target_type}/{target_id}', { params: { path: { target_type, target_id } } }),
    );
    toast(t('reports.withdrawn'));
    onGone();
  });
  return (
    <>
      <div class="grow">
        <p>
          {t(`reports.${target_type}`)} · {t(`report.${report.reason}`)}
        </p>
        {report.note && <p class="pre">{report.note}</p>}
        <p class="small soft">{ago(report.created_at)}</p>
        {error != null && <Problem error={error} />}
      </div>
      <Button busy={busy} onClick={() => void submit()}>
        {t('reports.withdraw')}
      </Button>
    </>
  );
}
