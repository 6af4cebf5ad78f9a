import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import type { Item } from '~/parts/pantry';
import { PLACES } from '~/parts/pantry';
import { useZone } from '~/parts/timezone';
import { Choice, Empty, More, Problem, Select, Skeletons } from '~/ui';
import { AddByText } from './AddByText';
import { Browse } from './Browse';
import { Food } from './Food';
import { UseFirst } from './UseFirst';
import { Waste } from './Waste';

/** What is at home: each food with its lots, what expires first in front unless by name, and what became of the rest. */
export default function Pantry() {
  useZone();
  const { query, route } = useLocation();
  const sort = query.sort === 'name' ? 'name' : 'expires';
  const list = usePages<Item>(['pantry', 'all', sort], (cursor) =>
    unwrap(api.GET('/v1/pantry', { params: { query: { cursor, limit: 100, sort } } })),
  );
  const [places, setPlaces] = useState<string[]>([]);
  const used = PLACES.filter((place) => list.items.some((item) => isAt(item, [place])));
  const shown = list.items.filter((item) => !places.length || isAt(item, places));
  return (
    <Page
      title={t('nav.pantry')}
      lead={t('pantry.lead')}
      reading
      aside={
        <a class="button" href="/">
          {t('home.ask')}
        </a>
      }
    >
      <AddByText />
      <Browse />
      <UseFirst />
      <section class="stack">
        <h2>{t('pantry.all')}</h2>
        {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Skeletons height="4rem" />}
        {!list.isPending && !list.items.length && !list.error && (
          <Empty title={t('pantry.empty')} level={3} />
        )}
        {list.items.length > 1 && (
          <div class="grid">
            <Select
              label={t('search.sort')}
              value={sort}
              options={[
                { value: 'expires', label: t('pantry.by_date') },
                { value: 'name', label: t('pantry.by_name') },
              ]}
              onText={(value) => route(value === 'name' ? '/pantry?sort=name' : '/pantry', true)}
            />
          </div>
        )}
        {used.length > 0 && (
          <Choice
            hideLegend
            legend={t('pantry.place')}
            options={used.map((value) => ({ value, label: t(`place.${value}`) }))}
            chosen={places}
            onChange={setPlaces}
          />
        )}
        {shown.length > 0 && (
          <ul class="lines card" aria-label={t('pantry.all')}>
            {shown.map((item) => (
              <li key={item.ingredient.id}>
                <Food item={item} />
              </li>
            ))}
          </ul>
        )}
        <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
      </section>
      <Waste />
    </Page>
  );
}

const isAt = (item: Item, places: readonly string[]): boolean =>
  item.lots.some((lot) => lot.place !== null && places.includes(lot.place));
