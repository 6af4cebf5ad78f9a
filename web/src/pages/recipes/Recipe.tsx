import {
  Minus,
  Plus,
  Printer,
  Share2,
  ShieldCheck,
  ShoppingCart,
  Trash2,
  TriangleAlert,
} from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, useQuery } from '~/api/queries';
import { myId } from '~/api/session';
import { duration, number, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Amount } from '~/parts/Amount';
import { dependsOnBrand, NUTRIENTS } from '~/parts/food';
import { Meta, Picture } from '~/parts/RecipeCard';
import { ReportButton } from '~/parts/ReportButton';
import { SaveButton } from '~/parts/SaveButton';
import { StepText } from '~/parts/StepText';
import { otherTitleOf, titleOf } from '~/parts/titles';
import { Button, IconButton, Notice, Problem, Skeletons } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';
import { useGradually } from '~/ui/Gradually';
import { ApprovedEdition, isWaiting, WaitingEdition } from './Editions';
import { Ratings } from './Ratings';
import { Tags } from './Tags';

type Recipe = Schemas['RecipeOut'];
const MOST_SERVINGS = 50;
/** How many of the parts below stand beside the picture on a wide screen. */
const BESIDE = 2;

export default function RecipePage({ id }: { id: string }) {
  const { query } = useLocation();
  const edition = query.edition === 'approved' ? 'approved' : undefined;
  const { data, error, refetch } = useQuery({
    queryKey: edition ? ['recipe', id, edition] : ['recipe', id],
    queryFn: () =>
      unwrap(
        api.GET('/v1/recipes/{recipe_id}', {
          params: { path: { recipe_id: id }, query: edition ? { edition } : {} },
        }),
      ),
  });
  if (error && !(data && error instanceof ApiError && error.isPassing))
    return (
      <Page title={t('recipe.title')}>
        <Problem error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title={t('recipe.title')}>
        <Skeletons height="14rem" />
      </Page>
    );
  return <Whole key={`${data.id}${edition ?? ''}`} recipe={data} isOld={Boolean(edition)} />;
}

/** `isOld`: its owner looks at the edition in the catalogue, beside the one that they wrote last. */
function Whole({ recipe, isOld }: { recipe: Recipe; isOld: boolean }) {
  const [servings, setServings] = useState(recipe.servings);
  const { route } = useLocation();
  const cook = useSubmit(async () => {
    const session = await unwrap(
      api.POST('/v1/cooking/sessions', { body: { recipe_id: recipe.id, servings } }),
    );
    queries.setQueryData(['session', session.id], session);
    route(`/cook/${session.id}`);
  });
  const shop = useSubmit(async () => {
    const list = await unwrap(
      api.POST('/v1/lists', { body: { recipes: [{ recipe_id: recipe.id, servings }] } }),
    );
    await queries.invalidateQueries({ queryKey: ['lists'] });
    route(`/lists/${list.id}`);
  });
  const isMine = recipe.owner?.id === myId.value;
  // Below what a phone shows at first.
  const below = useGradually(
    [
      <Ingredients key="ingredients" recipe={recipe} servings={servings} onServings={setServings} />,
      <Steps key="steps" recipe={recipe} factor={servings / recipe.servings} />,
      <About key="about" recipe={recipe} />,
      <Tags key="tags" recipe={recipe} isMine={isMine} />,
      <Friends key="friends" recipeId={recipe.id} />,
      <Ratings key="ratings" recipe={recipe} isMine={isMine} />,
    ],
    0,
  );
  return (
    <Page
      title={titleOf(recipe)}
      lead={otherTitleOf(recipe)}
      aside={<SaveButton recipeId={recipe.id} title={titleOf(recipe)} />}
    >
      {isMine && (isOld ? <ApprovedEdition recipe={recipe} /> : <WaitingEdition recipe={recipe} />)}
      <div class="recipe">
        <div class="stack">
          <div class="card flush recipe-picture">
            <Picture recipe={recipe} large />
          </div>
          {recipe.description && <p>{recipe.description}</p>}
          <Meta recipe={recipe} />
          <Facts recipe={recipe} />
          {(cook.error ?? shop.error) != null && <Problem error={cook.error ?? shop.error} />}
          <div class="row recipe-actions no-print" hidden={isMine && isOld}>
            <Button kind="primary" large busy={cook.busy} onClick={() => void cook.submit()}>
              {t('recipe.cook')}
            </Button>
            <div class="row">
              <IconButton label={t('recipe.print')} onClick={() => print()}>
                <Printer size={22} aria-hidden="true" />
              </IconButton>
              <ShareButton recipe={recipe} />
              <IconButton label={t('recipe.shop')} disabled={shop.busy} onClick={() => void shop.submit()}>
                <ShoppingCart size={22} aria-hidden="true" />
              </IconButton>
              {!isMine && <ReportButton type="recipe" id={recipe.id} />}
            </div>
          </div>
          {isMine && !isOld && <Own recipe={recipe} />}
        </div>
        {below.slice(0, BESIDE)}
      </div>
      {below.slice(BESIDE)}
    </Page>
  );
}

interface IngredientsProps {
  recipe: Recipe;
  servings: number;
  onServings: (servings: number) => void;
}

function Ingredients({ recipe, servings, onServings }: IngredientsProps) {
  return (
    <section class="card stack ingredients">
      <div class="row-between">
        <h2>{t('recipe.ingredients')}</h2>
        <ServingsPicker value={servings} onChange={onServings} />
      </div>
      <ul class="lines">
        {recipe.ingredients.map((line, index) => (
          <li key={index}>
            <strong class="nums amount">
              <Amount
                quantity={line.quantity}
                most={(line as { quantity_max?: number | null }).quantity_max}
                unit={line.unit}
                factor={servings / recipe.servings}
              />
            </strong>
            <span class="grow">
              {line.name}
              {line.preparation && <span class="soft">, {line.preparation}</span>}
              {line.optional && <span class="soft small"> ({t('recipe.optional')})</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ recipe, factor }: { recipe: Recipe; factor: number }) {
  return (
    <section class="stack steps">
      <h2>{t('recipe.steps')}</h2>
      <ol class="stack">
        {recipe.steps.map((step, index) => (
          <li key={index} class="step">
            <span class="step-number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <p class="pre">
                <StepText step={step} factor={factor} />
              </p>
              {step.minutes ? <p class="soft small">{duration(step.minutes)}</p> : null}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What a serving has, how often it was cooked, and where the recipe came from. */
function About({ recipe }: { recipe: Recipe }) {
  const { nutrition, origin } = recipe;
  const known = NUTRIENTS.filter((name) => nutrition?.[name] != null);
  const from = origin?.site ?? origin?.author ?? origin?.url;
  if (!known.length && !from && !recipe.cook_count) return null;
  return (
    <section class="stack-s">
      {known.length > 0 && (
        <>
          <h2>{t('nutrition.title')}</h2>
          <dl class="grid tiles">
            {known.map((name) => (
              <div key={name}>
                <dt class="small soft">{t(`nutrition.${name}`)}</dt>
                <dd class="nums">{number(nutrition?.[name] ?? 0, 1)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {recipe.cook_count > 0 && <p class="soft">{t('recipe.cooked', { count: recipe.cook_count })}</p>}
      {from && (
        <p class="soft">
          {t('recipe.from')}{' '}
          {/^https?:/.test(origin?.url ?? '') ? (
            <a href={origin?.url ?? ''} rel="noopener noreferrer nofollow">
              {from}
            </a>
          ) : (
            from
          )}
        </p>
      )}
    </section>
  );
}

/** What the owner of a recipe can do with it; where a moderator rejected it, ask for another look. */
function Own({ recipe }: { recipe: Recipe }) {
  const { route } = useLocation();
  const remove = async () => {
    await unwrap(api.DELETE('/v1/recipes/{recipe_id}', { params: { path: { recipe_id: recipe.id } } }));
    await queries.invalidateQueries({ queryKey: ['my-recipes'] });
    toast(t('recipe.deleted'));
    route('/mine', true);
  };
  return (
    <div class="row no-print">
      {!isWaiting(recipe) && (
        <span class={`chip ${recipe.approval === 'rejected' ? 'bad' : ''}`}>
          {t(`approval.${recipe.approval}`)}
        </span>
      )}
      <a class="button" href={`/recipes/${recipe.id}/edit`}>
        {t('common.edit')}
      </a>
      {recipe.approval === 'rejected' && (
        <a class="button" href={`/appeal/recipe/${recipe.id}`}>
          {t('appeal.ask')}
        </a>
      )}
      <ConfirmButton
        label={t('recipe.delete')}
        question={t('recipe.delete_sure')}
        icon={<Trash2 size={20} aria-hidden="true" />}
        onConfirm={remove}
      />
    </div>
  );
}

export function ServingsPicker({ value, onChange }: { value: number; onChange: (servings: number) => void }) {
  return (
    <fieldset class="row" aria-label={t('recipe.for_how_many')}>
      <IconButton label={t('recipe.fewer')} disabled={value <= 1} onClick={() => onChange(value - 1)}>
        <Minus size={20} aria-hidden="true" />
      </IconButton>
      <span class="nums" aria-live="polite">
        {t('recipe.servings', { count: value })}
      </span>
      <IconButton
        label={t('recipe.more')}
        disabled={value >= MOST_SERVINGS}
        onClick={() => onChange(value + 1)}
      >
        <Plus size={20} aria-hidden="true" />
      </IconButton>
    </fieldset>
  );
}

function Facts({ recipe }: { recipe: Recipe }) {
  const word = (name: string) => t(`allergen.${name}` as never);
  const traces = recipe.may_contain;
  return (
    <div class="stack-s">
      {recipe.allergens.length > 0 && (
        <p class="row">
          <TriangleAlert size={20} aria-hidden="true" />{' '}
          <span class="grow">
            <strong>{t('recipe.contains')}</strong> {recipe.allergens.map(word).join(', ')}
          </span>
        </p>
      )}
      {traces.length > 0 && (
        <p class="soft">
          {t('recipe.may_contain')} {traces.map(word).join(', ')}
        </p>
      )}
      {recipe.allergens.length === 0 && traces.length === 0 && recipe.allergens_complete && (
        <p class="row">
          <ShieldCheck size={20} aria-hidden="true" />
          <span class="grow">{t('recipe.no_allergens')}</span>
        </p>
      )}
      {!recipe.allergens_complete && <Notice kind="warn">{t('recipe.allergens_incomplete')}</Notice>}
      {recipe.diets.length > 0 && (
        <div class="chips">
          {recipe.diets.map((diet) => {
            const name = t(`diet.${diet}` as never);
            // What some brands contain is no promise: the badge says on what it depends.
            return dependsOnBrand(diet, traces) ? (
              <span key={diet} class="chip warn">
                {t('recipe.diet_by_brand', { diet: name })}
              </span>
            ) : (
              <span key={diet} class="chip good">
                {name}
              </span>
            );
          })}
        </div>
      )}
    </div>
  );
}

function ShareButton({ recipe }: { recipe: Recipe }) {
  const share = async () => {
    const url = recipe.in_catalogue ? `${location.origin}/r/${recipe.id}` : location.href;
    if (navigator.share) await navigator.share({ title: titleOf(recipe), url }).catch(() => undefined);
    else {
      await navigator.clipboard.writeText(url);
      toast(t('recipe.link_copied'));
    }
  };
  return (
    <IconButton label={t('recipe.share')} onClick={() => void share()}>
      <Share2 size={22} aria-hidden="true" />
    </IconButton>
  );
}

function Friends({ recipeId }: { recipeId: string }) {
  const { data } = useQuery({
    queryKey: ['recipe', recipeId, 'friends'],
    queryFn: () =>
      unwrap(
        api.GET('/v1/recipes/{recipe_id}/friends', {
          params: { path: { recipe_id: recipeId }, query: { limit: 12 } },
        }),
      ),
  });
  if (!data?.items.length) return null;
  return (
    <section class="stack-s no-print">
      <h2>{t('recipe.friends')}</h2>
      <div class="row">
        {data.items.map((cook) => (
          <a key={cook.user.id} class="chip" href={`/people/${cook.user.id}`}>
            @{cook.user.username} · {t('recipe.times', { count: cook.times })}
          </a>
        ))}
      </div>
    </section>
  );
}
