import { Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, number, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { type Rating, useOwnRating } from '~/parts/ownRating';
import { Avatar, IconButton, More, Problem, Stars } from '~/ui';
import { Send } from '~/ui/Send';

type Recipe = Schemas['RecipeOut'];

const refresh = (id: string) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['ratings', id] }),
    queries.invalidateQueries({ queryKey: ['recipe', id] }),
  ]);

/** What people said of a recipe; one's own rating can be changed and taken back. */
export function Ratings({ recipe, isMine }: { recipe: Recipe; isMine: boolean }) {
  const own = useOwnRating(recipe.id, !isMine);
  const { items, isSuccess, hasNextPage, isFetchingNextPage, more } = usePages(
    ['ratings', recipe.id, 'all'],
    (cursor) =>
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
      {isSuccess && !items.length && <p class="soft">{t('rating.none')}</p>}
      {!isMine && <Rate key={own?.updated_at ?? ''} recipeId={recipe.id} own={own ?? null} />}
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

function TakeBack({ recipeId }: { recipeId: string }) {
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/recipes/{recipe_id}/rating', { params: { path: { recipe_id: recipeId } } }));
    await refresh(recipeId);
  });
  return (
    <span>
      {error != null && <Problem error={error} />}
      <IconButton label={t('rating.take_back')} disabled={busy} onClick={() => void submit()}>
        <Trash2 size={18} aria-hidden="true" />
      </IconButton>
    </span>
  );
}

/** The form for one's rating, with the one that one gave before. */
function Rate({ recipeId, own }: { recipeId: string; own: Rating | null }) {
  const [stars, setStars] = useState(own?.stars ?? 0);
  const [comment, setComment] = useState(own?.comment ?? '');
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.PUT('/v1/recipes/{recipe_id}/rating', {
        params: { path: { recipe_id: recipeId } },
        body: { stars, comment: comment || null },
      }),
    );
    toast(t('rating.thanks'));
    await refresh(recipeId);
  });
  return (
    <form class="stack-s" onSubmit={submit}>
      <div class="row">
        <Stars value={stars} onChange={setStars} label={t('rating.yours')} />
        {own && <TakeBack recipeId={recipeId} />}
      </div>
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
          <Send busy={busy} error={error} label={t(own ? 'rating.change' : 'rating.send')} />
        </>
      )}
    </form>
  );
}
