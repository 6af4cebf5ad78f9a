import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { type Card, RecipeCard } from '~/parts/RecipeCard';
import { Empty, More, Problem, Select, Skeletons } from '~/ui';
import { Standing } from './Editions';

const SORTS = ['added', 'newest'] as const;
type Sort = (typeof SORTS)[number];
const PAUSE = 250;
const LANGUAGES = ['vi', 'en'] as const;

/** One's own recipes, to be searched as one types, and those one keeps, in an order that one chooses. */
export default function Mine() {
  const { query, route } = useLocation();
  const favorites = query.tab === 'favorites';
  const sort: Sort = query.sort === 'newest' ? 'newest' : 'added';
  const q = query.q ?? '';
  const language = LANGUAGES.find((one) => one === query.language);
  const change = (changes: Record<string, string>) => {
    const next = Object.entries({ ...query, ...changes }).filter(([, value]) => value);
    route(next.length ? `/mine?${new URLSearchParams(next)}` : '/mine', true);
  };
  const key = favorites ? ['favorites', 'all', sort, language] : ['my-recipes', q, language];
  const list = usePages<Card>(key, (cursor) => {
    const page = { cursor, limit: 24, language };
    return unwrap(
      favorites
        ? api.GET('/v1/favorites', { params: { query: { ...page, sort } } })
        : api.GET('/v1/users/me/recipes', { params: { query: { ...page, q: q || undefined } } }),
    ) as never;
  });
  return (
    <Page
      title={t('nav.mine')}
      aside={
        <div class="row">
          <a class="button" href="/import">
            {t('import.title')}
          </a>
          <a class="button primary" href="/recipes/new">
            {t('editor.new')}
          </a>
        </div>
      }
    >
      <nav class="tabs" aria-label={t('nav.mine')}>
        <a class={`chip ${favorites ? '' : 'on'}`} href="/mine" aria-current={favorites ? undefined : 'page'}>
          {t('mine.written')}
        </a>
        <a
          class={`chip ${favorites ? 'on' : ''}`}
          href="/mine?tab=favorites"
          aria-current={favorites ? 'page' : undefined}
        >
          {t('mine.favorites')}
        </a>
      </nav>
      {!favorites && (q || list.items.length > 0) && (
        <Search key="search" asked={q} onAsk={(text) => change({ q: text })} />
      )}
      {(language || list.items.length > 1) && (
        <div class="grid">
          {favorites && (
            <Select
              label={t('search.sort')}
              value={sort}
              options={SORTS.map((value) => ({
                value,
                label: t(value === 'added' ? 'mine.added' : 'sort.newest'),
              }))}
              onText={(value) => change({ sort: value })}
            />
          )}
          <Select
            label={t('settings.language')}
            value={language ?? ''}
            options={[
              { value: '', label: t('search.any') },
              { value: 'vi', label: 'Tiếng Việt' },
              { value: 'en', label: 'English' },
            ]}
            onText={(value) => change({ language: value })}
          />
        </div>
      )}
      {!favorites && list.items.length > 0 && (
        <p>
          <a href="/settings/data">{t('mine.archive')}</a>
        </p>
      )}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="14rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t(favorites ? 'mine.no_favorites' : q ? 'search.nothing' : 'mine.none')}>
          {favorites && <p class="soft">{t('mine.no_favorites_lead')}</p>}
          {favorites && (
            <a class="button primary" href="/recipes">
              {t('nav.recipes')}
            </a>
          )}
        </Empty>
      )}
      <h2 class="visually-hidden">{t('search.results')}</h2>
      <ul class="grid">
        {list.items.map((recipe) => (
          <li key={recipe.id}>
            <RecipeCard recipe={recipe}>{!favorites && <Standing recipe={recipe} />}</RecipeCard>
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}

function Search({ asked, onAsk }: { asked: string; onAsk: (text: string) => void }) {
  const [text, setText] = useState(asked);
  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => onAsk(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text, asked]);
  return (
    <search>
      <input
        class="input"
        type="search"
        aria-label={t('mine.search')}
        placeholder={t('mine.search')}
        value={text}
        maxLength={200}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </search>
  );
}
