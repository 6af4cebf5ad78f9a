import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { useEdited } from '~/lib/edited';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { setZone } from '~/lib/zone';
import { Foods } from '~/parts/Foods';
import { ALLERGENS, CUISINES, DIETS, GOALS, METHODS } from '~/parts/food';
import { Button, Check, Choice, choices, Problem, Skeletons } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { Send } from '~/ui/Send';

type Preferences = Schemas['PreferencesOut'];

/** What one must not eat, may not eat, and likes: every suggestion and plan keeps to it. */
export function FoodForm() {
  const [value, change, failed, retry] = useEdited<Preferences>('preferences', () =>
    unwrap(api.GET('/v1/users/me/preferences')),
  );
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.PUT('/v1/users/me/preferences', { body: value as Schemas['PreferencesInRequest'] }));
    await queries.invalidateQueries({ queryKey: ['preferences'] });
    if (value) setZone(value.timezone);
    toast(t('settings.saved'));
  });
  if (failed && !value) return <Problem error={failed} onRetry={retry} />;
  if (!value) return <Skeletons count={1} />;
  const others = value.allergies.filter((one) => !ALLERGENS.includes(one as never));
  return (
    <form class="card stack" onSubmit={submit} id="food">
      <h2>{t('settings.food')}</h2>
      <p class="soft">{t('settings.allergies_lead')}</p>
      <Choice
        legend={t('settings.allergies')}
        options={choices(ALLERGENS, 'allergen')}
        chosen={value.allergies}
        onChange={(chosen) =>
          change({ allergies: [...chosen.filter((one) => !others.includes(one)), ...others] })
        }
      />
      <Foods
        legend={t('settings.food_allergies')}
        label={t('settings.food_allergy')}
        ids={others}
        onAdd={(id) => change({ allergies: [...value.allergies.filter((one) => one !== id), id] })}
        onRemove={(id) => change({ allergies: value.allergies.filter((one) => one !== id) })}
      />
      <Check
        label={t('settings.traces')}
        hint={t('settings.traces_hint')}
        checked={value.accepts_traces}
        onChange={(accepts_traces) => change({ accepts_traces })}
      />
      <Choice
        legend={t('recipe.diet')}
        options={choices(DIETS, 'diet')}
        chosen={value.dietary_restrictions}
        onChange={(chosen) => change({ dietary_restrictions: chosen as Preferences['dietary_restrictions'] })}
      />
      <Choice
        single
        legend={t('settings.spice')}
        options={choices(['none', 'mild', 'medium', 'hot'] as const, 'spice')}
        chosen={value.spice_level ? [value.spice_level] : []}
        onChange={(chosen) => change({ spice_level: (chosen[0] ?? null) as Preferences['spice_level'] })}
      />
      <Choice
        single
        legend={t('settings.skill')}
        options={choices(['beginner', 'intermediate', 'advanced'] as const, 'skill')}
        chosen={value.skill_level ? [value.skill_level] : []}
        onChange={(chosen) => change({ skill_level: (chosen[0] ?? null) as Preferences['skill_level'] })}
      />
      <Choice
        legend={t('settings.cuisines')}
        options={choices(CUISINES, 'tag')}
        chosen={value.favorite_cuisines}
        onChange={(favorite_cuisines) => change({ favorite_cuisines })}
      />
      <Choice
        legend={t('settings.methods')}
        options={choices(METHODS, 'method')}
        chosen={value.cooking_methods}
        onChange={(chosen) => change({ cooking_methods: chosen as Preferences['cooking_methods'] })}
      />
      <Choice
        legend={t('settings.goals')}
        options={choices(GOALS, 'goal')}
        chosen={value.health_goals}
        onChange={(chosen) => change({ health_goals: chosen as Preferences['health_goals'] })}
      />
      <Choice
        single
        legend={t('settings.budget')}
        options={choices(['low', 'medium', 'high'] as const, 'budget')}
        chosen={value.budget_level ? [value.budget_level] : []}
        onChange={(chosen) => change({ budget_level: (chosen[0] ?? null) as Preferences['budget_level'] })}
      />
      <div class="grid">
        <NumberInput
          label={t('settings.people')}
          min={1}
          max={10}
          value={value.household_size}
          onText={(text) => change({ household_size: text ? Number(text) : null })}
        />
        <NumberInput
          label={t('settings.max_minutes')}
          min={15}
          max={240}
          step={5}
          value={value.max_minutes}
          onText={(text) => change({ max_minutes: text ? Number(text) : null })}
        />
        <NumberInput
          label={t('settings.recipe_count')}
          min={1}
          max={5}
          value={value.recipe_count}
          onText={(text) => change({ recipe_count: Number(text) || 3 })}
        />
      </div>
      {value.timezone !== here() && (
        <p class="row">
          <span>{t('settings.timezone', { zone: value.timezone })}</span>
          <Button onClick={() => change({ timezone: here() })}>
            {t('settings.timezone_here', { zone: here() })}
          </Button>
        </p>
      )}
      <Send busy={busy} error={error} />
    </form>
  );
}

/** The time zone of this device: what "today" is, for what expires and what is planned. */
const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
