import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { duration, number, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { Problem, Skeletons } from '~/ui';

const FIGURES = ['cooked', 'recipes_cooked', 'recipes', 'favorites', 'ratings', 'friends'] as const;

/** One's own figures, with a small chart of how one cooks: bars with their numbers, so that nothing is in colour alone. */
export default function Figures() {
  const figures = useQuery({ queryKey: ['stats'], queryFn: () => unwrap(api.GET('/v1/users/me/stats')) });
  const cooking = useQuery({
    queryKey: ['cooking-stats'],
    queryFn: () => unwrap(api.GET('/v1/cooking/stats')),
  });
  const error = figures.error ?? cooking.error;
  const retry = () => void Promise.all([figures.refetch(), cooking.refetch()]);
  const methods = Object.entries(cooking.data?.methods ?? {}).sort((one, other) => other[1] - one[1]);
  const most = Math.max(1, ...methods.map(([, count]) => count));
  return (
    <Page title={t('figures.title')} reading>
      {error && <Problem error={error} onRetry={retry} />}
      {!figures.data && !error && <Skeletons />}
      {figures.data && (
        <dl class="grid tiles">
          {FIGURES.map((name) => (
            <div key={name} class="card">
              <dt class="soft">{t(`figures.${name}`)}</dt>
              <dd class="figure nums">{number(figures.data[name])}</dd>
            </div>
          ))}
        </dl>
      )}
      {cooking.data && cooking.data.minutes > 0 && (
        <p>{t('figures.minutes', { time: duration(cooking.data.minutes) })}</p>
      )}
      {methods.length > 0 && (
        <section class="stack-s">
          <h2>{t('figures.methods')}</h2>
          <ul class="stack-s">
            {methods.map(([method, count]) => (
              <li key={method} class="bar-row">
                <span>{t(`method.${method}` as never)}</span>
                <span class="bar" style={{ inlineSize: `${(count / most) * 100}%` }} />
                <span class="nums">{count}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
