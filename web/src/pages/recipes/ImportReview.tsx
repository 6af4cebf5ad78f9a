import { TriangleAlert } from 'lucide-preact';
import { useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t, type Word } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { Completion } from '~/parts/Fridge';
import { amountInField, readAmount, unitCode, unitText } from '~/parts/written';
import { Area, Empty, Input, Notice, Problem, Skeletons } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';
import { NumberInput } from '~/ui/NumberInput';
import { Send } from '~/ui/Send';

type Draft = Schemas['DraftOut'];
type Line = Schemas['ImportLineOut'];
type Recipe = Schemas['RecipeInRequest'];
const WORDS: Record<string, Word> = {
  title: 'import.title_missing',
  ingredients: 'import.ingredients_missing',
  steps: 'import.steps_missing',
  servings: 'import.servings_missing',
};

/** What was read of an import: lines that need a look are asked about, then one keeps what is right. */
export default function ImportReview({ id }: { id: string }) {
  const { route } = useLocation();
  const { data, error, refetch } = useQuery({
    queryKey: ['import', id],
    queryFn: () => unwrap(api.GET('/v1/imports/{import_id}', { params: { path: { import_id: id } } })),
  });
  const forget = async () => {
    await unwrap(api.DELETE('/v1/imports/{import_id}', { params: { path: { import_id: id } } }));
    await queries.invalidateQueries({ queryKey: ['imports'] });
    route('/import', true);
  };
  return (
    <Page title={t('import.review')} reading>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeletons />}
      {data?.recipes.length === 0 && (
        <Empty title={t('import.none')}>
          <p class="soft">{t('import.none_lead')}</p>
          <a class="button" href="/import">
            {t('import.title')}
          </a>
        </Empty>
      )}
      {data?.recipes.map((draft) => (
        <Review key={draft.draft_id} id={id} draft={draft} />
      ))}
      {data && (
        <div>
          <ConfirmButton label={t('import.delete')} question={t('import.delete_sure')} onConfirm={forget} />
        </div>
      )}
    </Page>
  );
}

function Review({ id, draft }: { id: string; draft: Draft }) {
  const body = draft.recipe as Partial<Recipe>;
  const [title, setTitle] = useState(body.title ?? '');
  const [servings, setServings] = useState(String(body.servings ?? ''));
  const [lines, setLines] = useState(draft.lines);
  const [steps, setSteps] = useState((body.steps ?? []).map((step) => step.text).join('\n'));
  const { submit, busy, error, about } = useSubmit(async () => {
    const recipe = { ...changed(body, lines, steps), title, servings: Number(servings) || undefined };
    await unwrap(
      api.POST('/v1/imports/{import_id}/accept', {
        params: { path: { import_id: id } },
        body: { recipes: [{ draft_id: draft.draft_id, recipe: recipe as Recipe }] },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['import', id] });
    await queries.invalidateQueries({ queryKey: ['my-recipes'] });
  });
  if (draft.recipe_id)
    return (
      <Notice kind="good" role="status">
        <p>
          <strong>{title}</strong> · {t('import.kept')}
        </p>
        <p>
          <a class="button" href={`/recipes/${draft.recipe_id}`}>
            {t('import.open')}
          </a>
        </p>
      </Notice>
    );
  return (
    <form class="card stack" onSubmit={submit}>
      {draft.source?.site && <p class="small soft">{t('import.source', { site: draft.source.site })}</p>}
      {draft.duplicates.length > 0 && (
        <Notice kind="warn">
          <a href={`/recipes/${draft.duplicates[0]}`}>{t('import.duplicate')}</a>
        </Notice>
      )}
      {draft.missing.length > 0 && (
        <Notice kind="warn">
          {t('import.missing', {
            names: draft.missing.map((name) => (WORDS[name] ? t(WORDS[name]) : name)).join(', '),
          })}
        </Notice>
      )}
      <Input
        label={t('editor.title')}
        value={title}
        onText={setTitle}
        maxLength={200}
        error={about('recipes.0.recipe.title')}
        required
      />
      <NumberInput
        label={t('editor.servings')}
        min={1}
        max={50}
        value={servings}
        onText={setServings}
        required
      />
      <h2>{t('recipe.ingredients')}</h2>
      <ul class="stack">
        {lines.map((line, index) => (
          <ReviewLine
            key={`${index}${line.text}`}
            line={line}
            at={index + 1}
            onChange={(next) => setLines(lines.map((one, place) => (place === index ? next : one)))}
          />
        ))}
      </ul>
      <Area
        label={t('recipe.steps')}
        hint={t('import.steps_hint')}
        value={steps}
        onText={setSteps}
        required
      />
      <Send busy={busy} error={error} label={t('import.accept')} />
    </form>
  );
}

function ReviewLine({ line, at, onChange }: { line: Line; at: number; onChange: (line: Line) => void }) {
  const id = useId();
  // What is typed stays as it is typed: "1," is on the way to "1,5".
  const [amount, setAmount] = useState(amountInField(line.quantity));
  const [unit, setUnit] = useState(unitText(line.unit));
  return (
    <li class={`stack-s ${line.needs_review ? 'notice warn' : ''}`}>
      <div class="stack-s grow">
        {line.needs_review && (
          <p class="row">
            <TriangleAlert size={18} aria-hidden="true" /> <strong>{t('import.check_line')}</strong>
          </p>
        )}
        <p class="small soft">{t('import.written', { text: line.text })}</p>
        <div class="line-fields review">
          <input
            class="input"
            inputMode="decimal"
            aria-label={t('editor.quantity', { at })}
            placeholder={t('editor.amount')}
            value={amount}
            onInput={(event) => {
              setAmount(event.currentTarget.value);
              onChange({ ...line, quantity: readAmount(event.currentTarget.value)?.quantity ?? null });
            }}
          />
          <input
            class="input"
            aria-label={t('editor.unit', { at })}
            placeholder={t('editor.unit_short')}
            maxLength={20}
            value={unit}
            onInput={(event) => {
              setUnit(event.currentTarget.value);
              onChange({ ...line, unit: unitCode(event.currentTarget.value) });
            }}
          />
          <div>
            <label class="visually-hidden" for={id}>
              {t('editor.ingredient', { at })}
            </label>
            <Completion
              id={id}
              value={line.name}
              onText={(name) => onChange({ ...line, name })}
              onChoose={(name) => onChange({ ...line, name })}
            />
          </div>
        </div>
      </div>
    </li>
  );
}

/** The draft with what was corrected; what the reader of the import did not know is left out. */
function changed(body: Partial<Recipe>, lines: readonly Line[], steps: string): Partial<Recipe> {
  const known = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value != null),
  ) as Partial<Recipe>;
  const before = (known.ingredients ?? []).map((one) => (typeof one === 'string' ? null : one));
  const texts = steps.split('\n').flatMap((text) => text.trim() || []);
  const minutes = new Map((known.steps ?? []).map((step) => [step.text.trim(), step.minutes]));
  return {
    ...known,
    ingredients: lines
      .map((line, index) => ({
        essential: true,
        ...(before.length === lines.length && before[index]?.name === line.name ? before[index] : {}),
        name: line.name.trim(),
        quantity: line.quantity,
        unit: line.unit,
        preparation: line.preparation,
        optional: line.optional,
      }))
      .filter((line) => line.name),
    steps: texts.map((text) => ({ text, minutes: minutes.get(text) ?? null })),
  };
}
