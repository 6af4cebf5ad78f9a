import { ChevronRight } from 'lucide-preact';
import { api, type Schemas, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { date, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { Empty, More, Problem, Skeletons } from '~/ui';
import { PlanTabs } from './tabs';

export default function Lists() {
  const list = usePages<Schemas['ListBriefOut']>(['lists'], (cursor) =>
    unwrap(api.GET('/v1/lists', { params: { query: { cursor, limit: 20 } } })),
  );
  return (
    <Page title={t('lists.title')} lead={t('lists.lead')} reading>
      <PlanTabs at="lists" />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('lists.none')}>
          <p class="soft">{t('lists.none_lead')}</p>
          <a class="button primary" href="/plans">
            {t('nav.plans')}
          </a>
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((one) => (
            <li key={one.id}>
              <a class="grow" href={`/lists/${one.id}`}>
                <strong>{one.name}</strong>
                <br />
                <span class="small soft">
                  {one.done_at ? t('lists.done_on', { date: date(one.done_at) }) : date(one.created_at)}
                </span>
              </a>
              <ChevronRight size={20} aria-hidden="true" />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}
