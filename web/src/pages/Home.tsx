import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { state } from '~/api/session';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { Eaters } from '~/parts/Eaters';
import { add, Fridge, fridge, understand } from '~/parts/Fridge';
import { CUISINES, METHODS } from '~/parts/food';
import { Button, Check, Choice, choices, Problem, Select } from '~/ui';

const MEALS = ['breakfast', 'lunch', 'dinner', 'snack', 'dessert'] as const;
const TIMES = ['15', '30', '60'] as const;
/** The API asks for two ingredients at least. */
const LEAST = 2;
type Meal = (typeof MEALS)[number];

export default function Home() {
  useEffect(() => {
    document.title = 'Smart Cooking';
    if (state.value === 'in') void understand();
  }, [state.value]);
  return (
    <main id="main" tabIndex={-1} class="page reading stack-l">
      <div class="hero stack-s">
        <h1>{t('home.title')}</h1>
        <p class="soft">{t('home.lead')}</p>
      </div>
      <Ask />
      {state.value === 'in' ? <UseFirst /> : <Examples />}
    </main>
  );
}

function Ask() {
  const { route } = useLocation();
  const [meal, setMeal] = useState<string[]>([]);
  const [minutes, setMinutes] = useState<string[]>([]);
  const [usePantry, setUsePantry] = useState(false);
  const [method, setMethod] = useState('');
  const [cuisine, setCuisine] = useState('');
  const [toBuy, setToBuy] = useState('');
  const [eaters, setEaters] = useState<string[] | null>(null);
  const [isOpen, setOpen] = useState(false);
  const { submit, busy, error } = useSubmit(async () => {
    if (state.value !== 'in') {
      route(`/login?next=${encodeURIComponent('/')}`);
      return;
    }
    const answer = await unwrap(
      api.POST('/v1/suggestions', {
        body: {
          ingredients: fridge.value.map((item) => item.text),
          meal: (meal[0] as Meal | undefined) ?? null,
          max_minutes: minutes[0] ? Number(minutes[0]) : null,
          use_pantry: usePantry,
          recipe_count: 5,
          method: (method || null) as Schemas['MethodEnum'] | null,
          cuisine: cuisine || null,
          max_missing: toBuy ? Number(toBuy) : null,
          ...(eaters ? { eaters } : {}),
        },
      }),
    );
    queries.setQueryData(['suggestion', answer.id], answer);
    route(`/answer/${answer.id}`);
  });
  const enough = fridge.value.length >= LEAST || usePantry;
  return (
    <section class="card stack" aria-label={t('home.title')}>
      <Fridge />
      <Choice
        legend={t('home.meal')}
        single
        options={MEALS.map((one) => ({ value: one, label: t(`meal.${one}`) }))}
        chosen={meal}
        onChange={setMeal}
      />
      <Choice
        legend={t('home.time')}
        single
        options={TIMES.map((one) => ({ value: one, label: t('home.up_to', { minutes: one }) }))}
        chosen={minutes}
        onChange={setMinutes}
      />
      {state.value === 'in' && (
        <Check label={t('home.use_pantry')} checked={usePantry} onChange={setUsePantry} />
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('home.more_choices')}</summary>
        {isOpen && <Eaters chosen={eaters} onChange={setEaters} />}
        <div class="grid">
          <Select
            label={t('editor.method')}
            value={method}
            onText={setMethod}
            options={[{ value: '', label: t('search.any') }, ...choices(METHODS, 'method')]}
          />
          <Select
            label={t('tags.cuisine')}
            value={cuisine}
            onText={setCuisine}
            options={[{ value: '', label: t('search.any') }, ...choices(CUISINES, 'tag')]}
          />
          <Select
            label={t('home.to_buy')}
            value={toBuy}
            onText={setToBuy}
            options={[
              { value: '', label: t('search.any') },
              ...['0', '1', '2', '3'].map((value) => ({ value, label: value })),
            ]}
          />
        </div>
      </details>
      {error != null && <Problem error={error} />}
      <Button kind="primary" large wide busy={busy} disabled={!enough} onClick={() => void submit()}>
        {t('home.ask')}
      </Button>
      {!enough && <p class="hint center">{t('home.two_needed')}</p>}
    </section>
  );
}

function UseFirst() {
  const { data } = useQuery({
    queryKey: ['pantry', 'expires'],
    queryFn: () => unwrap(api.GET('/v1/pantry', { params: { query: { limit: 8, sort: 'expires' } } })),
  });
  if (!data) return null;
  if (!data.items.length)
    return (
      <p class="center">
        <a href="/pantry">{t('home.fill_pantry')}</a>
      </p>
    );
  return (
    <section class="stack-s">
      <div class="row-between">
        <h2 class="grow">{t('home.from_pantry')}</h2>
        <a href="/pantry">{t('nav.pantry')}</a>
      </div>
      <div class="chips">
        {data.items.map((item) => (
          <button
            key={item.ingredient.id}
            type="button"
            class="chip"
            onClick={() => add(item.ingredient.name)}
          >
            + {item.ingredient.name}
          </button>
        ))}
      </div>
    </section>
  );
}

function Examples() {
  return (
    <section class="stack-s">
      <h2>{t('home.try')}</h2>
      <div class="chips">
        {t('home.examples')
          .split('|')
          .map((line) => (
            <button
              key={line}
              type="button"
              class="chip"
              onClick={() => {
                fridge.value = [];
                add(line);
              }}
            >
              {line}
            </button>
          ))}
      </div>
    </section>
  );
}
