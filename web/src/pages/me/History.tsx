import { CircleStop, Trash2 } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useNames } from '~/parts/names';
import { titleOf } from '~/parts/titles';
import { Choice, choices, Empty, More, Problem, Skeletons } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';

type Session = Schemas['SessionBriefOut'];
type Asked = Schemas['SuggestionBriefOut'];

/** What one has cooked, and what one has asked. */
export default function History() {
  const { query } = useLocation();
  const isAsked = query.tab === 'asked';
  const tab = (name: boolean) => ({
    class: `chip ${isAsked === name ? 'on' : ''}`,
    'aria-current': isAsked === name ? ('page' as const) : undefined,
  });
  return (
    <Page title={t('history.title')} reading>
      <nav class="tabs" aria-label={t('history.title')}>
        <a href="/history" {...tab(false)}>
          {t('history.sessions')}
        </a>
        <a href="/history?tab=asked" {...tab(true)}>
          {t('history.asked')}
        </a>
      </nav>
      {isAsked ? <Questions /> : <Sessions />}
    </Page>
  );
}

const STATUSES: readonly Session['status'][] = ['completed', 'cooking', 'abandoned'];

function Sessions() {
  const { query, route } = useLocation();
  const status = STATUSES.find((one) => one === query.status);
  const list = usePages<Session>(['sessions', status ?? ''], (cursor) =>
    unwrap(api.GET('/v1/cooking/sessions', { params: { query: { cursor, limit: 20, status } } })),
  );
  return (
    <>
      <Choice
        hideLegend
        single
        legend={t('history.status')}
        options={[{ value: '', label: t('common.all') }, ...choices(STATUSES, 'history')]}
        chosen={[status ?? '']}
        onChange={([value]) => route(value ? `/history?status=${value}` : '/history', true)}
      />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t(status ? 'history.none_such' : 'history.none')}>
          <a class="button primary" href="/">
            {t('home.ask')}
          </a>
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((session) => (
            <li key={session.id}>
              <SessionLine session={session} />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </>
  );
}

const COLOURS = { completed: 'good', cooking: 'warn', abandoned: '' } as const;

function SessionLine({ session }: { session: Session }) {
  const path = { params: { path: { session_id: session.id } } };
  const isOpen = session.status === 'cooking';
  const title = titleOf(session.recipe);
  const abandon = async () => {
    await unwrap(api.POST('/v1/cooking/sessions/{session_id}/abandon', path));
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  const remove = async () => {
    await unwrap(api.DELETE('/v1/cooking/sessions/{session_id}', path));
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  return (
    <>
      <a class="grow" href={isOpen ? `/cook/${session.id}` : `/recipes/${session.recipe_id}`}>
        {title}
        <br />
        <span class="small soft">{ago(session.started_at)}</span>
      </a>
      <span class={`chip ${COLOURS[session.status]}`}>{t(`history.${session.status}`)}</span>
      {isOpen ? (
        <ConfirmButton
          label={t('history.abandon', { title })}
          question={t('history.abandon_sure')}
          act={t('history.abandon_it')}
          icon={<CircleStop size={18} aria-hidden="true" />}
          onConfirm={abandon}
        />
      ) : (
        <ConfirmButton
          label={t('history.remove', { title })}
          question={t('history.remove_sure')}
          icon={<Trash2 size={18} aria-hidden="true" />}
          onConfirm={remove}
        />
      )}
    </>
  );
}

function Questions() {
  const list = usePages<Asked>(['suggestions'], (cursor) =>
    unwrap(api.GET('/v1/suggestions', { params: { query: { cursor, limit: 10 } } })),
  );
  return (
    <>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('history.none_asked')}>
          <a class="button primary" href="/">
            {t('home.ask')}
          </a>
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((one) => (
            <li key={one.id}>
              <Question asked={one} />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </>
  );
}

function Question({ asked }: { asked: Asked }) {
  const names = useNames(asked.ingredient_ids);
  return (
    <a class="grow" href={`/answer/${asked.id}`}>
      {names.join(', ')}
      <br />
      <span class="small soft">
        {ago(asked.created_at)} · {t('history.dishes', { count: asked.recipes.length })}
      </span>
    </a>
  );
}
