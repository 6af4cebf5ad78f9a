import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { readHousehold } from '~/parts/household';
import { Button, Check, Choice, Input, Problem, Select } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { addDays, today } from './days';

const MEALS: Schemas['PlanMealEnum'][] = ['breakfast', 'lunch', 'dinner', 'snack'];
const CLIMATES = ['', 'hot', 'mild', 'cold'] as const;

export default function NewPlan() {
  const { route } = useLocation();
  const [start, setStart] = useState(addDays(today(), 1));
  const [days, setDays] = useState('7');
  const [meals, setMeals] = useState<string[]>(['dinner']);
  const [servings, setServings] = useState('2');
  const [climate, setClimate] = useState('');
  const [minutes, setMinutes] = useState('');
  const [usePantry, setUsePantry] = useState(true);
  const household = useQuery({ queryKey: ['household'], queryFn: readHousehold });
  const members = household.data?.members.filter((member) => member.user) ?? [];
  const [eaters, setEaters] = useState<string[] | null>(null);
  const { submit, busy, error, about } = useSubmit(async () => {
    const plan = await unwrap(
      api.POST('/v1/plans', {
        body: {
          start,
          days: Number(days),
          meals: meals as Schemas['PlanMealEnum'][],
          servings: Number(servings),
          climate: (climate || null) as Schemas['ClimateEnum'] | null,
          max_minutes: minutes ? { weekday: Number(minutes) } : null,
          use_pantry: usePantry,
          kitchen: 'full',
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
            max={14}
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
          options={MEALS.map((value) => ({ value, label: t(`meal.${value}`) }))}
          chosen={meals}
          onChange={setMeals}
        />
        {members.length > 1 && (
          <Choice
            legend={t('plan.eaters')}
            options={members.map((member) => ({
              value: member.user?.id ?? '',
              label: member.user?.full_name ?? '',
            }))}
            chosen={eaters ?? members.map((member) => member.user?.id ?? '')}
            onChange={setEaters}
          />
        )}
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
            label={t('plan.weekday_time')}
            value={minutes}
            onText={setMinutes}
            options={[
              { value: '', label: t('plan.any_time') },
              ...['20', '30', '45', '60'].map((value) => ({
                value,
                label: t('home.up_to', { minutes: value }),
              })),
            ]}
          />
        </div>
        <Check label={t('plan.use_pantry')} checked={usePantry} onChange={setUsePantry} />
        {error != null && <Problem error={error} />}
        <Button kind="primary" large type="submit" busy={busy} disabled={!meals.length}>
          {t('plan.make')}
        </Button>
      </form>
    </Page>
  );
}
