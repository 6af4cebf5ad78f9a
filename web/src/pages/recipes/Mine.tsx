import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { type Card, RecipeCard } from '~/parts/RecipeCard';
import { Empty, More, Problem, Skeletons } from '~/ui';
import { Standing } from './Editions';

/** One's own recipes, and those one keeps. */
export default function Mine() {
  const { query } = useLocation();
  const favorites = query.tab === 'favorites';
  const list = usePages<Card>([favorites ? 'favorites' : 'my-recipes'], (cursor) => {
    const params = { params: { query: { cursor, limit: 24 } } };
    return unwrap(
      favorites ? api.GET('/v1/favorites', params) : api.GET('/v1/users/me/recipes', params),
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
      {!favorites && list.items.length > 0 && (
        <p>
          <a href="/settings/data">{t('mine.archive')}</a>
        </p>
      )}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="14rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t(favorites ? 'mine.no_favorites' : 'mine.none')} />
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
