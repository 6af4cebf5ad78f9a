import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { addDays, daysFrom, today } from '~/lib/zone';
import { Eaters } from '~/parts/Eaters';
import { useZone } from '~/parts/timezone';
import { Button, Check, Choice, choices, Input, Problem, Select } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { type Forecast, toWeather, Weather } from './Weather';

const MEALS: Schemas['PlanMealEnum'][] = ['breakfast', 'lunch', 'dinner', 'snack'];
const TIMES = ['20', '30', '45', '60'];
const BUDGETS = ['low', 'medium', 'high'] as const;
const KITCHENS = ['full', 'basic', 'none'] as const;
type Kitchen = (typeof KITCHENS)[number];
const MOST_DAYS = 14;
const CLIMATES = ['', 'hot', 'mild', 'cold'] as const;

export default function NewPlan() {
  const { route } = useLocation();
  useZone();
  const [chosen, setStart] = useState<string | null>(null);
  const start = chosen ?? addDays(today(), 1);
  const [days, setDays] = useState('7');
  const [meals, setMeals] = useState<string[]>(['dinner']);
  const [servings, setServings] = useState('2');
  const [climate, setClimate] = useState('');
  const [minutes, setMinutes] = useState('');
  const [weekend, setWeekend] = useState('');
  const [kitchen, setKitchen] = useState<Kitchen>('full');
  const [forecasts, setForecasts] = useState<Record<string, Forecast>>({});
  const [place, setPlace] = useState('');
  const [budget, setBudget] = useState('');
  const [usePantry, setUsePantry] = useState(true);
  const [eaters, setEaters] = useState<string[] | null>(null);
  const planned = start ? daysFrom(start, Math.min(Number(days) || 0, MOST_DAYS)) : [];
  const { submit, busy, error, about } = useSubmit(async () => {
    const plan = await unwrap(
      api.POST('/v1/plans', {
        body: {
          start,
          days: Number(days),
          meals: meals as Schemas['PlanMealEnum'][],
          servings: Number(servings),
          climate: (climate || null) as Schemas['ClimateEnum'] | null,
          max_minutes: maxMinutes(minutes, weekend),
          use_pantry: usePantry,
          kitchen,
          weather: toWeather(planned, forecasts),
          place: place.trim() || null,
          budget_level: (budget || null) as Schemas['BudgetLevelEnum'] | null,
          ...(eaters ? { eaters } : {}),
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['plans'] });
    route(`/plans/${plan.id}`, true);
  });
  return (
    <Page title={t('plan.new')} reading>
      <form class="card stack" onSubmit={submit}>
        <div class="grid">
          <Input
            label={t('plan.start')}
            type="date"
            value={start}
            onText={setStart}
            error={about('start')}
            required
          />
          <NumberInput
            label={t('plan.days')}
            min={1}
            max={MOST_DAYS}
            value={days}
            onText={setDays}
            error={about('days')}
            required
          />
          <NumberInput
            label={t('plan.servings')}
            min={1}
            max={50}
            value={servings}
            onText={setServings}
            error={about('servings')}
            required
          />
        </div>
        <Choice
          legend={t('plan.meals')}
          options={choices(MEALS, 'meal')}
          chosen={meals}
          onChange={setMeals}
        />
        <Eaters chosen={eaters} onChange={setEaters} />
        <div class="grid">
          <Select
            label={t('plan.climate')}
            value={climate}
            onText={setClimate}
            options={CLIMATES.map((value) => ({
              value,
              label: t(value ? `climate.${value}` : 'climate.any'),
            }))}
          />
          <Select
            label={t('plan.kitchen')}
            value={kitchen}
            onText={(value) => setKitchen(value as Kitchen)}
            options={choices(KITCHENS, 'kitchen')}
          />
          <Select
            label={t('settings.budget')}
            value={budget}
            onText={setBudget}
            options={[{ value: '', label: t('search.any') }, ...choices(BUDGETS, 'budget')]}
          />
          <Input
            label={t('plan.place')}
            hint={t('plan.place_hint')}
            value={place}
            onText={setPlace}
            maxLength={100}
            error={about('place')}
          />
          <Time label={t('plan.weekday_time')} value={minutes} onText={setMinutes} />
          <Time label={t('plan.weekend_time')} value={weekend} onText={setWeekend} />
        </div>
        <Weather
          days={planned}
          forecasts={forecasts}
          onChange={(day, forecast) => setForecasts((before) => ({ ...before, [day]: forecast }))}
        />
        <Check label={t('plan.use_pantry')} checked={usePantry} onChange={setUsePantry} />
        {error != null && <Problem error={error} />}
        <Button kind="primary" large type="submit" busy={busy} disabled={!meals.length}>
          {t('plan.make')}
        </Button>
      </form>
    </Page>
  );
}

function Time(props: { label: string; value: string; onText: (value: string) => void }) {
  const times = TIMES.map((value) => ({ value, label: t('home.up_to', { minutes: value }) }));
  return <Select {...props} options={[{ value: '', label: t('plan.any_time') }, ...times]} />;
}

/** Minutes that there are on weekdays and at the weekend; null where neither is bounded. */
const maxMinutes = (weekday: string, weekend: string) =>
  weekday || weekend
    ? { weekday: weekday ? Number(weekday) : null, weekend: weekend ? Number(weekend) : null }
    : null;
