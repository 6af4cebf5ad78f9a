import { SlidersHorizontal } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { type Page as ListPage, usePages, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { Foods } from '~/parts/Foods';
import { ALLERGENS, CUISINES, DIETS, METHODS } from '~/parts/food';
import { type Card, RecipeCard } from '~/parts/RecipeCard';
import { tagName } from '~/parts/tags';
import { Button, Choice, choices, Empty, More, Problem, Select, Skeletons } from '~/ui';

type Found = ListPage<Card> & { did_you_mean?: string | null };
const FILTERS = [
  'meal',
  'cuisine',
  'method',
  'difficulty',
  'diet',
  'without_allergen',
  'ingredient',
  'without_ingredient',
  'max_minutes',
  'tag',
  'language',
  'sort',
] as const;
/** Filters of which several may be chosen; they stand in the address with commas between. */
const SEVERAL = new Set(['diet', 'without_allergen', 'ingredient', 'without_ingredient', 'tag']);
type Filters = Partial<Record<(typeof FILTERS)[number] | 'q', string>>;
const PAUSE = 250;

/** The catalogue: searched as one types; what is asked stands in the address, so that it can be shared and gone back to. */
export default function Catalogue() {
  const { query, route } = useLocation();
  const filters: Filters = Object.fromEntries(
    Object.entries(query).filter(
      ([name, value]) => value && (name === 'q' || FILTERS.includes(name as never)),
    ),
  );
  const [text, setText] = useState(filters.q ?? '');
  const [open, setOpen] = useState(false);
  const change = (changes: Filters) => {
    const next = Object.entries({ ...filters, ...changes }).filter(([, value]) => value);
    route(`/recipes${next.length ? `?${new URLSearchParams(next as [string, string][])}` : ''}`, true);
  };
  useEffect(() => {
    if (text === (filters.q ?? '')) return;
    const timer = setTimeout(() => change({ q: text }), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const list = usePages<Card>(['recipes', filters], (cursor) => search(filters, cursor));
  const meant = (list.data?.pages[0] as Found | undefined)?.did_you_mean;
  const chosen = FILTERS.filter((name) => filters[name]).length;
  return (
    <Page
      title={t('nav.recipes')}
      aside={
        <a class="button" href="/mine">
          {t('nav.mine')}
        </a>
      }
    >
      <search class="stack">
        <div class="row">
          <input
            class="input grow"
            type="search"
            aria-label={t('search.label')}
            placeholder={t('search.placeholder')}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            maxLength={100}
          />
          <Button aria-expanded={open} onClick={() => setOpen(!open)}>
            <SlidersHorizontal size={18} aria-hidden="true" /> {t('search.filters')}
            {chosen ? ` (${chosen})` : ''}
          </Button>
        </div>
        {open && <FilterPanel filters={filters} onChange={change} />}
      </search>
      {meant && (
        <p>
          {t('search.did_you_mean')}{' '}
          <Button
            kind="quiet"
            onClick={() => {
              setText(meant);
              change({ q: meant });
            }}
          >
            {meant}
          </Button>
        </p>
      )}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="14rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('search.nothing')}>
          <p class="soft">{t('search.nothing_lead')}</p>
        </Empty>
      )}
      <h2 class="visually-hidden">{t('search.results')}</h2>
      <ul class="grid" aria-busy={list.isFetching}>
        {list.items.map((recipe) => (
          <li key={recipe.id}>
            <RecipeCard recipe={recipe} />
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}

function search(filters: Filters, cursor?: string): Promise<Found> {
  const several = Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, SEVERAL.has(name) ? value?.split(',') : value]),
  );
  const query = {
    ...several,
    max_minutes: filters.max_minutes ? Number(filters.max_minutes) : undefined,
    cursor,
    limit: 24,
  };
  return unwrap(api.GET('/v1/recipes', { params: { query: query as never } })) as unknown as Promise<Found>;
}

const MEALS: Schemas['MealEnum'][] = ['breakfast', 'lunch', 'dinner', 'snack', 'dessert'];
const SORTS = ['relevance', 'rating', 'newest', 'popular'] as const;

function FilterPanel({ filters, onChange }: { filters: Filters; onChange: (changes: Filters) => void }) {
  const tags = useQuery({
    queryKey: ['tags'],
    queryFn: () => unwrap(api.GET('/v1/tags')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const chosen = (name: keyof Filters) => filters[name]?.split(',') ?? [];
  const set = (name: keyof Filters) => (values: string[]) => onChange({ [name]: values.join(',') });
  const foods = (name: 'ingredient' | 'without_ingredient') => {
    const ids = chosen(name);
    return {
      ids,
      onAdd: (id: string) => set(name)([...ids.filter((one) => one !== id), id]),
      onRemove: (id: string) => set(name)(ids.filter((one) => one !== id)),
    };
  };
  return (
    <div class="card stack">
      <Choice
        single
        legend={t('home.meal')}
        options={choices(MEALS, 'meal')}
        chosen={chosen('meal')}
        onChange={set('meal')}
      />
      <Choice
        legend={t('recipe.diet')}
        options={choices(DIETS, 'diet')}
        chosen={chosen('diet')}
        onChange={set('diet')}
      />
      <Choice
        legend={t('search.without')}
        options={choices(ALLERGENS, 'allergen')}
        chosen={chosen('without_allergen')}
        onChange={set('without_allergen')}
      />
      <Foods legend={t('search.with_foods')} label={t('search.with_food')} {...foods('ingredient')} />
      <Foods
        legend={t('search.without_foods')}
        label={t('search.without_food')}
        {...foods('without_ingredient')}
      />
      <Choice
        single
        legend={t('home.time')}
        options={['15', '30', '60'].map((value) => ({ value, label: t('home.up_to', { minutes: value }) }))}
        chosen={chosen('max_minutes')}
        onChange={set('max_minutes')}
      />
      <Choice
        single
        legend={t('recipe.difficulty')}
        options={choices(['easy', 'medium', 'hard'] as const, 'difficulty')}
        chosen={chosen('difficulty')}
        onChange={set('difficulty')}
      />
      <div class="grid">
        <Select
          label={t('editor.method')}
          value={filters.method ?? ''}
          options={[{ value: '', label: t('search.any') }, ...choices(METHODS, 'method')]}
          onText={(method) => onChange({ method })}
        />
        <Select
          label={t('tags.cuisine')}
          value={filters.cuisine ?? ''}
          options={[{ value: '', label: t('search.any') }, ...choices(CUISINES, 'tag')]}
          onText={(cuisine) => onChange({ cuisine })}
        />
        <Select
          label={t('tags.title')}
          value={filters.tag ?? ''}
          options={[
            { value: '', label: t('search.any') },
            ...(tags.data?.items ?? []).map(({ name }) => ({ value: name, label: tagName(name) })),
          ]}
          onText={(tag) => onChange({ tag })}
        />
        <Select
          label={t('settings.language')}
          value={filters.language ?? ''}
          options={[
            { value: '', label: t('search.any') },
            { value: 'vi', label: 'Tiếng Việt' },
            { value: 'en', label: 'English' },
          ]}
          onText={(value) => onChange({ language: value })}
        />
        <Select
          label={t('search.sort')}
          value={filters.sort ?? 'relevance'}
          options={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))}
          onText={(value) => onChange({ sort: value === 'relevance' ? '' : value })}
        />
      </div>
      <div>
        <Button
          kind="quiet"
          onClick={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, ''])) as Filters)}
        >
          {t('search.clear')}
        </Button>
      </div>
    </div>
  );
}
