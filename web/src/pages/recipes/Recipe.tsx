import { Minus, Plus, Printer, Share2, ShieldCheck, TriangleAlert } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, pressKey, type Schemas, unwrap } from '~/api/client';
import { queries, usePages, useQuery } from '~/api/queries';
import { ago, duration, number, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Amount } from '~/parts/Amount';
import { Meta, Picture } from '~/parts/RecipeCard';
import { ReportButton } from '~/parts/ReportButton';
import { SaveButton } from '~/parts/SaveButton';
import { Avatar, Button, IconButton, More, Notice, Problem, Skeletons, Stars } from '~/ui';

type Recipe = Schemas['RecipeOut'];
const MOST_SERVINGS = 50;

export default function RecipePage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['recipe', id],
    queryFn: () => unwrap(api.GET('/v1/recipes/{recipe_id}', { params: { path: { recipe_id: id } } })),
  });
  if (error)
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
  return <Whole key={data.id} recipe={data} />;
}

function Whole({ recipe }: { recipe: Recipe }) {
  const [servings, setServings] = useState(recipe.servings);
  const { route } = useLocation();
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/v1/users/me')) });
  const cook = useSubmit(async () => {
    const session = await unwrap(
      api.POST('/v1/cooking/sessions', { headers: pressKey(), body: { recipe_id: recipe.id, servings } }),
    );
    queries.setQueryData(['session', session.id], session);
    route(`/cook/${session.id}`);
  });
  const isMine = me?.id === recipe.owner?.id;
  const other = recipe.translated_title;
  return (
    <Page
      title={recipe.title}
      lead={other && other !== recipe.title ? other : undefined}
      aside={<SaveButton recipeId={recipe.id} title={recipe.title} />}
    >
      <div class="recipe">
        <div class="stack">
          <div class="card flush recipe-picture">
            <Picture recipe={recipe} large />
          </div>
          {recipe.description && <p>{recipe.description}</p>}
          <Meta recipe={recipe} />
          <Facts recipe={recipe} />
          {cook.error != null && <Problem error={cook.error} />}
          <div class="row no-print">
            <Button kind="primary" large busy={cook.busy} onClick={() => void cook.submit()}>
              {t('recipe.cook')}
            </Button>
            <IconButton label={t('recipe.print')} onClick={() => print()}>
              <Printer size={22} aria-hidden="true" />
            </IconButton>
            <ShareButton recipe={recipe} />
            {isMine && (
              <a class="button" href={`/recipes/${recipe.id}/edit`}>
                {t('common.edit')}
              </a>
            )}
            {!isMine && <ReportButton type="recipe" id={recipe.id} />}
          </div>
        </div>
        <section class="card stack ingredients">
          <div class="row-between">
            <h2>{t('recipe.ingredients')}</h2>
            <ServingsPicker value={servings} onChange={setServings} />
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
        <section class="stack steps">
          <h2>{t('recipe.steps')}</h2>
          <ol class="stack">
            {recipe.steps.map((step, index) => (
              <li key={index} class="step">
                <span class="step-number" aria-hidden="true">
                  {index + 1}
                </span>
                <div>
                  <p class="pre">{step.text}</p>
                  {step.minutes ? <p class="soft small">{duration(step.minutes)}</p> : null}
                </div>
              </li>
            ))}
          </ol>
        </section>
      </div>
      {recipe.tags.length > 0 && (
        <p class="chips">
          {recipe.tags.map((tag) => (
            <a key={tag} class="chip" href={`/recipes?q=${encodeURIComponent(tag)}`}>
              {tag}
            </a>
          ))}
        </p>
      )}
      <Friends recipeId={recipe.id} />
      <Ratings recipe={recipe} isMine={isMine} />
    </Page>
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
          <span>
            <strong>{t('recipe.contains')}</strong> {recipe.allergens.map(word).join(', ')}
          </span>
        </p>
      )}
      {traces.length > 0 && (
        <p class="soft">
          {t('recipe.may_contain')} {traces.map(word).join(', ')}
        </p>
      )}
      {recipe.allergens.length === 0 && recipe.allergens_complete && (
        <p class="row">
          <ShieldCheck size={20} aria-hidden="true" /> {t('recipe.no_allergens')}
        </p>
      )}
      {!recipe.allergens_complete && <Notice kind="warn">{t('recipe.allergens_incomplete')}</Notice>}
      {recipe.diets.length > 0 && (
        <div class="chips">
          {recipe.diets.map((diet) => (
            <span key={diet} class="chip good">
              {t(`diet.${diet}` as never)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function ShareButton({ recipe }: { recipe: Recipe }) {
  const share = async () => {
    const url = recipe.approval === 'approved' ? `${location.origin}/r/${recipe.id}` : location.href;
    if (navigator.share) await navigator.share({ title: recipe.title, url }).catch(() => undefined);
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

function Ratings({ recipe, isMine }: { recipe: Recipe; isMine: boolean }) {
  const { items, hasNextPage, isFetchingNextPage, more } = usePages(['ratings', recipe.id], (cursor) =>
    unwrap(
      api.GET('/v1/recipes/{recipe_id}/ratings', {
        params: { path: { recipe_id: recipe.id }, query: { cursor, limit: 10 } },
      }),
    ),
  );
  return (
    <section class="stack no-print">
      <h2>{t('rating.title')}</h2>
      {recipe.rating.average != null && (
        <p>
          {t('rating.summary', { average: number(recipe.rating.average, 1), count: recipe.rating.count })}
        </p>
      )}
      {!isMine && <Rate recipeId={recipe.id} />}
      <ul class="lines">
        {items.map((rating) => (
          <li key={rating.user.id}>
            <Avatar person={rating.user} />
            <div class="grow">
              <p>
                <a href={`/people/${rating.user.id}`}>@{rating.user.username}</a> ·{' '}
                {t('rating.stars', { count: rating.stars })}{' '}
                {rating.verified_cook && <span class="chip good">{t('rating.cooked')}</span>}
              </p>
              {rating.comment && <p class="pre">{rating.comment}</p>}
              <p class="small soft">{ago(rating.created_at)}</p>
            </div>
          </li>
        ))}
      </ul>
      <More hasMore={hasNextPage} busy={isFetchingNextPage} onMore={more} />
    </section>
  );
}

function Rate({ recipeId }: { recipeId: string }) {
  const [stars, setStars] = useState(0);
  const [comment, setComment] = useState('');
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.PUT('/v1/recipes/{recipe_id}/rating', {
        params: { path: { recipe_id: recipeId } },
        body: { stars, comment: comment || null },
      }),
    );
    toast(t('rating.thanks'));
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['ratings', recipeId] }),
      queries.invalidateQueries({ queryKey: ['recipe', recipeId] }),
    ]);
  });
  return (
    <form class="stack-s" onSubmit={submit}>
      <Stars value={stars} onChange={setStars} label={t('rating.yours')} />
      {stars > 0 && (
        <>
          <textarea
            class="input"
            aria-label={t('rating.comment')}
            placeholder={t('rating.comment')}
            maxLength={500}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          {error != null && <Problem error={error} />}
          <div>
            <Button kind="primary" type="submit" busy={busy}>
              {t('rating.send')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
