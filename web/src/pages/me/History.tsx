import { api, type Schemas, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { ago, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { Empty, More, Problem, Skeletons } from '~/ui';

type Session = Schemas['SessionBriefOut'];

export default function History() {
  const list = usePages<Session>(['sessions'], (cursor) =>
    unwrap(api.GET('/v1/cooking/sessions', { params: { query: { cursor, limit: 20 } } })),
  );
  return (
    <Page title={t('history.title')} reading>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('history.none')}>
          <a class="button primary" href="/">
            {t('home.ask')}
          </a>
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((session) => (
            <li key={session.id}>
              <a
                class="grow"
                href={session.status === 'cooking' ? `/cook/${session.id}` : `/recipes/${session.recipe_id}`}
              >
                {session.recipe.title}
                <br />
                <span class="small soft">{ago(session.started_at)}</span>
              </a>
              <span
                class={`chip ${session.status === 'completed' ? 'good' : session.status === 'cooking' ? 'warn' : ''}`}
              >
                {t(`history.${session.status}`)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}
