import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { daysUntil } from '~/lib/zone';
import { add, fridge } from '~/parts/Fridge';
import type { Item } from '~/parts/pantry';
import { Button, Problem } from '~/ui';
import { Expiry } from './Food';

/** What expires within three days, or has expired, in order; and the way to a dish that uses it. */
export function UseFirst() {
  const { route } = useLocation();
  const { data, error, refetch } = useQuery({
    queryKey: ['pantry', 'use-first'],
    queryFn: () => unwrap(api.GET('/v1/pantry/use-first')),
  });
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data?.items.length) return null;
  const fit = data.items.filter(isEdible);
  const cook = () => {
    fridge.value = [];
    add(fit.map((item) => item.ingredient.name).join(', '));
    route('/');
  };
  return (
    <section class="card stack-s use-first">
      <h2>{t('pantry.use_first')}</h2>
      <ul class="lines" aria-label={t('pantry.use_first')}>
        {data.items.map((item) => (
          <li key={item.ingredient.id}>
            <span class="grow">{item.ingredient.name}</span>
            {item.expires_on && <Expiry on={item.expires_on} />}
          </li>
        ))}
      </ul>
      {fit.length > 0 && (
        <div>
          <Button kind="primary" onClick={cook}>
            {t('pantry.cook_these')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Something of it can still be eaten: what has expired is not cooked with. */
const isEdible = (item: Item): boolean =>
  item.lots.some((lot) => lot.quantity !== 0 && (!lot.expires_on || daysUntil(lot.expires_on) >= 0));
