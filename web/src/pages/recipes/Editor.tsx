import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { toError } from '~/api/errors';
import { queries, useQuery } from '~/api/queries';
import { language, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { readDraft, useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Completion } from '~/parts/Fridge';
import { METHODS, NUTRIENTS, type Nutrient } from '~/parts/food';
import { PictureButton } from '~/parts/PictureButton';
import { amountInField, readAmount, unitCode, unitText } from '~/parts/written';
import {
  Area,
  Button,
  Check,
  Choice,
  choices,
  IconButton,
  Input,
  Notice,
  Problem,
  Select,
  Skeletons,
} from '~/ui';

type Recipe = Schemas['RecipeOut'];
const MEALS: Schemas['MealEnum'][] = ['breakfast', 'lunch', 'dinner', 'snack', 'dessert'];

interface Line {
  key: string;
  name: string;
  quantity: string;
  unit: string;
  preparation: string;
  optional: boolean;
  /** The line as it was; what no field shows stays as long as the line is about the same food. */
  was?: Schemas['IngredientLineOut'];
}

interface Draft {
  title: string;
  description: string;
  method: string;
  meal: string;
  difficulty: string;
  cuisine: string;
  prep_minutes: string;
  cook_minutes: string;
  servings: string;
  tags: string;
  /** The language that the recipe is written in: that of the page where it was begun. */
  language: Schemas['LanguageEnum'];
  /** Per serving, as they are written. */
  nutrition: Record<string, string>;
  /** That one may publish what came from somewhere else; nothing where it did not. */
  rights_declared: boolean | null;
  /** A picture that was sent for it, and what it looks like; none where it keeps the one it has. */
  image: { id: string; preview: string } | null;
  ingredients: Line[];
  steps: { key: string; text: string; minutes: string }[];
}

const fresh = (): string => crypto.randomUUID();
const emptyLine = (): Line => ({
  key: fresh(),
  name: '',
  quantity: '',
  unit: '',
  preparation: '',
  optional: false,
});
const emptyStep = () => ({ key: fresh(), text: '', minutes: '' });
const EMPTY = (): Draft => ({
  title: '',
  description: '',
  method: 'stir_fry',
  meal: 'dinner',
  difficulty: 'easy',
  cuisine: '',
  prep_minutes: '',
  cook_minutes: '',
  servings: '4',
  tags: '',
  language: language.value,
  nutrition: {},
  rights_declared: null,
  image: null,
  ingredients: [emptyLine(), emptyLine(), emptyLine()],
  steps: [emptyStep(), emptyStep()],
});

const text = (value: number | string | null | undefined): string => (value == null ? '' : String(value));

export const toDraft = (recipe: Recipe): Draft => ({
  title: recipe.title,
  description: recipe.description,
  method: recipe.method,
  meal: text(recipe.meal),
  difficulty: text(recipe.difficulty),
  cuisine: text(recipe.cuisine),
  prep_minutes: text(recipe.prep_minutes),
  cook_minutes: text(recipe.cook_minutes),
  servings: text(recipe.servings),
  tags: recipe.tags.join(', '),
  language: recipe.language,
  nutrition: Object.fromEntries(
    NUTRIENTS.map((name) => [name, amountInField(recipe.nutrition?.[name] ?? null)]),
  ),
  rights_declared: recipe.origin ? (recipe.rights_declared ?? false) : null,
  image: null,
  ingredients: recipe.ingredients.map((line) => ({
    key: fresh(),
    name: line.name,
    quantity: amountInField(line.quantity, line.quantity_max),
    unit: unitText(line.unit),
    preparation: text(line.preparation),
    optional: line.optional,
    was: line,
  })),
  steps: recipe.steps.map((step) => ({ key: fresh(), text: step.text, minutes: text(step.minutes) })),
});

/** What is no number is sent as it is: the answer says so at its field. */
const numeric = (value: string): number | string | null => {
  const number = Number(value.trim().replace(',', '.'));
  return value.trim() ? (Number.isNaN(number) ? value : number) : null;
};

export const toBody = (draft: Draft): Schemas['RecipeInRequest'] =>
  ({
    title: draft.title,
    description: draft.description,
    method: draft.method,
    meal: draft.meal || null,
    difficulty: draft.difficulty || null,
    cuisine: draft.cuisine || null,
    prep_minutes: numeric(draft.prep_minutes),
    cook_minutes: numeric(draft.cook_minutes),
    servings: numeric(draft.servings) ?? 4,
    language: draft.language ?? language.value,
    nutrition: nutritionOf(draft),
    ...(draft.rights_declared == null ? {} : { rights_declared: draft.rights_declared }),
    ...(draft.image ? { image: draft.image.id } : {}),
    tags: [
      ...new Set(
        draft.tags
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    ingredients: draft.ingredients.filter((line) => line.name.trim()).map(toLine),
    steps: draft.steps
      .filter((step) => step.text.trim())
      .map((step) => ({ text: step.text.trim(), minutes: numeric(step.minutes) })),
  }) as Schemas['RecipeInRequest'];

function nutritionOf(draft: Draft): Partial<Record<Nutrient, number | string>> | null {
  const known = NUTRIENTS.map((name) => [name, numeric(draft.nutrition?.[name] ?? '')] as const);
  const given = known.filter(([, value]) => value !== null);
  return given.length ? (Object.fromEntries(given) as Partial<Record<Nutrient, number | string>>) : null;
}

function toLine({ was, ...line }: Line) {
  const name = line.name.trim();
  const kept = was?.name === name ? was : {};
  return {
    ...kept,
    name,
    // What cannot be read as an amount is sent as it is: the answer says so at the line.
    ...(readAmount(line.quantity) ?? { quantity: line.quantity, quantity_max: null }),
    unit: was && line.unit === unitText(was.unit) ? was.unit : unitCode(line.unit),
    preparation: line.preparation.trim() || null,
    optional: line.optional,
  };
}

/** Write a recipe, or edit one's own. What was typed outlives a reload, an expired session and a lost network. */
export default function Editor({ id }: { id?: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['recipe', id, 'edit'],
    queryFn: async () => {
      const {
        data: recipe,
        error: problem,
        response,
      } = await api.GET('/v1/recipes/{recipe_id}', {
        params: { path: { recipe_id: id ?? '' } },
      });
      if (!recipe) throw toError(response, problem);
      return { recipe, etag: response.headers.get('ETag') ?? '' };
    },
    enabled: Boolean(id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const title = t(id ? 'editor.edit' : 'editor.new');
  if (id && error && !data)
    return (
      <Page title={title}>
        <Problem error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (id && !data)
    return (
      <Page title={title}>
        <Skeletons />
      </Page>
    );
  return (
    <Form
      title={title}
      id={id}
      etag={data?.etag}
      isPublic={Boolean(data?.recipe.in_catalogue)}
      initial={data ? toDraft(data.recipe) : EMPTY()}
    />
  );
}

interface FormProps {
  title: string;
  id?: string;
  etag?: string;
  /** Another text will wait for a moderator. */
  isPublic: boolean;
  initial: Draft;
}

function Form({ title, id, etag, isPublic, initial }: FormProps) {
  const { route } = useLocation();
  const name = `recipe:${id ?? 'new'}`;
  const restored = readDraft<Draft>(name) !== null;
  const [draft, setDraft, clear] = useDraft<Draft>(name, initial);
  const set =
    <K extends keyof Draft>(field: K) =>
    (value: Draft[K]) =>
      setDraft((before) => ({ ...before, [field]: value }));
  useEffect(() => {
    if (restored && id)
      toast(t('editor.restored'), { label: t('editor.discard'), run: () => setDraft(initial) });
  }, []);
  const { submit, busy, error, about } = useSubmit(async () => {
    const saved = id
      ? await unwrap(
          api.PATCH('/v1/recipes/{recipe_id}', {
            params: { path: { recipe_id: id }, header: { 'If-Match': etag } },
            body: toBody(draft) as never,
          }),
        )
      : await unwrap(api.POST('/v1/recipes', { body: toBody(draft) }));
    clear();
    await queries.invalidateQueries({ queryKey: ['recipe'] });
    await queries.invalidateQueries({ queryKey: ['my-recipes'] });
    toast(t('editor.saved'));
    route(`/recipes/${saved.id}`, true);
  });
  return (
    <Page title={title} reading>
      {isPublic && (
        <Notice>
          <p>{t('edition.will_wait')}</p>
        </Notice>
      )}
      <form class="stack-l" onSubmit={submit}>
        <section class="card stack">
          <Input
            label={t('editor.title')}
            value={draft.title}
            onText={set('title')}
            maxLength={200}
            error={about('title')}
            required
          />
          <Area
            label={t('editor.description')}
            value={draft.description}
            onText={set('description')}
            maxLength={2000}
            error={about('description')}
          />
          <div class="row">
            {draft.image && (
              <img class="editor-picture" src={draft.image.preview} alt="" width={160} height={90} />
            )}
            <PictureButton
              label={t(draft.image ? 'editor.other_picture' : 'editor.picture')}
              purpose="recipe"
              onUploaded={(id, preview) => set('image')({ id, preview })}
            />
          </div>
          <div class="grid">
            <Select
              label={t('editor.method')}
              value={draft.method}
              onText={set('method')}
              options={METHODS.map((value) => ({ value, label: t(`method.${value}`) }))}
            />
            <Select
              label={t('home.meal')}
              value={draft.meal}
              onText={set('meal')}
              options={[{ value: '', label: t('unit.none') }, ...choices(MEALS, 'meal')]}
            />
          </div>
          <Choice
            single
            legend={t('recipe.difficulty')}
            chosen={[draft.difficulty]}
            onChange={(chosen) => set('difficulty')(chosen[0] ?? '')}
            options={(['easy', 'medium', 'hard'] as const).map((value) => ({
              value,
              label: t(`difficulty.${value}`),
            }))}
          />
          <div class="grid">
            <Input
              label={t('editor.prep')}
              inputMode="numeric"
              value={draft.prep_minutes}
              onText={set('prep_minutes')}
              error={about('prep_minutes')}
            />
            <Input
              label={t('editor.cooking')}
              inputMode="numeric"
              value={draft.cook_minutes}
              onText={set('cook_minutes')}
              error={about('cook_minutes')}
            />
            <Input
              label={t('editor.servings')}
              inputMode="numeric"
              value={draft.servings}
              onText={set('servings')}
              error={about('servings')}
              required
            />
          </div>
        </section>
        <section class="card stack">
          <h2>{t('recipe.ingredients')}</h2>
          {about('ingredients') && (
            <p class="error" role="alert">
              {about('ingredients')}
            </p>
          )}
          <ol class="stack">
            {draft.ingredients.map((line, index) => (
              <LineFields
                key={line.key}
                line={line}
                at={index}
                error={about(`ingredients.${index}`)}
                onChange={(next) =>
                  set('ingredients')(draft.ingredients.map((one) => (one.key === line.key ? next : one)))
                }
                onRemove={() => set('ingredients')(draft.ingredients.filter((one) => one.key !== line.key))}
              />
            ))}
          </ol>
          <div>
            <Button onClick={() => set('ingredients')([...draft.ingredients, emptyLine()])}>
              <Plus size={18} aria-hidden="true" /> {t('editor.add_ingredient')}
            </Button>
          </div>
        </section>
        <section class="card stack">
          <h2>{t('recipe.steps')}</h2>
          {about('steps') && (
            <p class="error" role="alert">
              {about('steps')}
            </p>
          )}
          <ol class="stack">
            {draft.steps.map((step, index) => (
              <li key={step.key} class="stack-s">
                <Area
                  label={t('editor.step', { at: index + 1 })}
                  value={step.text}
                  maxLength={2000}
                  onText={(value) =>
                    set('steps')(
                      draft.steps.map((one) => (one.key === step.key ? { ...one, text: value } : one)),
                    )
                  }
                />
                <div class="row">
                  <input
                    class="input minutes"
                    inputMode="numeric"
                    aria-label={t('editor.step_minutes', { at: index + 1 })}
                    placeholder={t('editor.minutes')}
                    value={step.minutes}
                    onInput={(event) =>
                      set('steps')(
                        draft.steps.map((one) =>
                          one.key === step.key ? { ...one, minutes: event.currentTarget.value } : one,
                        ),
                      )
                    }
                  />
                  <IconButton
                    label={t('editor.up', { at: index + 1 })}
                    disabled={index === 0}
                    onClick={() => set('steps')(moved(draft.steps, index, -1))}
                  >
                    <ArrowUp size={20} aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label={t('editor.down', { at: index + 1 })}
                    disabled={index === draft.steps.length - 1}
                    onClick={() => set('steps')(moved(draft.steps, index, 1))}
                  >
                    <ArrowDown size={20} aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label={t('editor.remove_step', { at: index + 1 })}
                    onClick={() => set('steps')(draft.steps.filter((one) => one.key !== step.key))}
                  >
                    <Trash2 size={20} aria-hidden="true" />
                  </IconButton>
                </div>
              </li>
            ))}
          </ol>
          <div>
            <Button onClick={() => set('steps')([...draft.steps, emptyStep()])}>
              <Plus size={18} aria-hidden="true" /> {t('editor.add_step')}
            </Button>
          </div>
        </section>
        <Input
          label={t('editor.tags')}
          hint={t('editor.tags_hint')}
          value={draft.tags}
          onText={set('tags')}
          error={about('tags')}
        />
        <details>
          <summary>{t('nutrition.title')}</summary>
          <div class="grid tiles">
            {NUTRIENTS.map((name) => (
              <Input
                key={name}
                label={t(`nutrition.${name}`)}
                inputMode="decimal"
                value={draft.nutrition?.[name] ?? ''}
                onText={(value) => set('nutrition')({ ...draft.nutrition, [name]: value })}
                error={about(`nutrition.${name}`)}
              />
            ))}
          </div>
        </details>
        {draft.rights_declared != null && (
          <Check
            label={t('editor.rights')}
            hint={t('editor.rights_hint')}
            checked={draft.rights_declared}
            onChange={set('rights_declared')}
          />
        )}
        {error != null && <Problem error={error} />}
        <Button kind="primary" large type="submit" busy={busy}>
          {t('common.save')}
        </Button>
      </form>
    </Page>
  );
}

function moved<T>(list: T[], at: number, by: number): T[] {
  const next = [...list];
  const [one] = next.splice(at, 1);
  if (one !== undefined) next.splice(at + by, 0, one);
  return next;
}

function LineFields({
  line,
  at,
  error,
  onChange,
  onRemove,
}: {
  line: Line;
  at: number;
  error?: string;
  onChange: (line: Line) => void;
  onRemove: () => void;
}) {
  return (
    <li class="stack-s">
      <div class="line-fields">
        <input
          class="input"
          inputMode="decimal"
          aria-label={t('editor.quantity', { at: at + 1 })}
          placeholder={t('editor.amount')}
          value={line.quantity}
          onInput={(event) => onChange({ ...line, quantity: event.currentTarget.value })}
        />
        <input
          class="input"
          aria-label={t('editor.unit', { at: at + 1 })}
          placeholder={t('editor.unit_short')}
          maxLength={20}
          value={line.unit}
          onInput={(event) => onChange({ ...line, unit: event.currentTarget.value })}
        />
        <div>
          <label class="visually-hidden" for={line.key}>
            {t('editor.ingredient', { at: at + 1 })}
          </label>
          <Completion
            id={line.key}
            value={line.name}
            invalid={Boolean(error)}
            placeholder={t('editor.ingredient_name')}
            onText={(name) => onChange({ ...line, name })}
            onChoose={(name) => onChange({ ...line, name })}
          />
        </div>
        <IconButton label={t('editor.remove_ingredient', { at: at + 1 })} onClick={onRemove}>
          <Trash2 size={20} aria-hidden="true" />
        </IconButton>
      </div>
      <div class="row">
        <input
          class="input grow"
          aria-label={t('editor.preparation', { at: at + 1 })}
          placeholder={t('editor.preparation_short')}
          maxLength={200}
          value={line.preparation}
          onInput={(event) => onChange({ ...line, preparation: event.currentTarget.value })}
        />
        <Check
          label={t('recipe.optional')}
          checked={line.optional}
          onChange={(optional) => onChange({ ...line, optional })}
        />
      </div>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </li>
  );
}
