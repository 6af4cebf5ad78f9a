import { ChevronRight } from 'lucide-preact';
import { api, type Schemas, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { date, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { addDays } from '~/lib/zone';
import { Empty, More, Problem, Skeletons } from '~/ui';
import { PlanTabs } from './tabs';

type Brief = Schemas['PlanBriefOut'];

export default function Plans() {
  const list = usePages<Brief>(['plans'], (cursor) =>
    unwrap(api.GET('/v1/plans', { params: { query: { cursor, limit: 20 } } })),
  );
  const start = (
    <a class="button primary" href="/plans/new">
      {t('plan.new')}
    </a>
  );
  return (
    <Page title={t('nav.plans')} lead={t('plan.lead')} reading aside={start}>
      <PlanTabs at="plans" />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && <Empty title={t('plan.none')} />}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((plan) => (
            <li key={plan.id}>
              <a class="grow" href={`/plans/${plan.id}`}>
                <strong>
                  {plan.place && `${plan.place}: `}
                  {date(plan.start)} – {date(addDays(plan.start, plan.days - 1))}
                </strong>
                <br />
                <span class="small soft">
                  {plan.meals.map((meal) => t(`meal.${meal}`)).join(', ')} ·{' '}
                  {t('recipe.servings', { count: plan.servings })}
                  {plan.status === 'filling' && ` · ${t('plan.filling')}`}
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
