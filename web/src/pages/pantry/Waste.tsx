import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { monthName, number, t } from '~/i18n';
import { lastMonths } from '~/lib/zone';
import { Problem, Select, Skeletons } from '~/ui';

const MONTHS = 6;
const KINDS = ['used', 'saved', 'wasted'] as const;

/** What a month's cooking used, saved before its date, and wasted: bars with their numbers beside them. */
export function Waste() {
  const months = lastMonths(MONTHS);
  const [month, setMonth] = useState(months[0] ?? '');
  const { data, error, refetch } = useQuery({
    queryKey: ['pantry', 'waste', month],
    queryFn: () => unwrap(api.GET('/v1/pantry/waste', { params: { query: { month } } })),
  });
  const most = Math.max(1, ...KINDS.map((kind) => data?.[kind] ?? 0));
  return (
    <section class="card stack">
      <div class="row-between">
        <h2 class="grow">{t('waste.title')}</h2>
        <Select
          label={t('waste.month')}
          value={month}
          onText={setMonth}
          options={months.map((value) => ({ value, label: monthName(value) }))}
        />
      </div>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeletons count={1} height="6rem" />}
      {data && (
        <dl class="stack-s">
          {KINDS.map((kind) => (
            <div key={kind} class={`waste-row ${kind}`}>
              <dt>{t(`waste.${kind}`)}</dt>
              <dd>
                {data[kind] > 0 && (
                  <span class="bar" style={{ inlineSize: `${(data[kind] / most) * 100}%` }} />
                )}
              </dd>
              <dd class="nums">
                {t('waste.times', { count: data[kind] })}
                {data[`${kind}_grams`] > 0 && <span class="soft"> · {weight(data[`${kind}_grams`])}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p class="hint">{t('waste.hint')}</p>
    </section>
  );
}

const weight = (grams: number): string =>
  grams >= 1000 ? `${number(grams / 1000, 1)} kg` : `${number(grams, 0)} g`;
