import { Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, number, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Avatar, IconButton, More, Stars } from '~/ui';
import { Send } from '~/ui/Send';

type Recipe = Schemas['RecipeOut'];

const refresh = (id: string) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['ratings', id] }),
    queries.invalidateQueries({ queryKey: ['recipe', id] }),
  ]);

/** What people said of a recipe; one's own rating can be taken back. */
export function Ratings({ recipe, me, isMine }: { recipe: Recipe; me: string | undefined; isMine: boolean }) {
  const takeBack = useSubmit(async () => {
    await unwrap(
      api.DELETE('/v1/recipes/{recipe_id}/rating', { params: { path: { recipe_id: recipe.id } } }),
    );
    await refresh(recipe.id);
  });
  const { items, isSuccess, hasNextPage, isFetchingNextPage, more } = usePages(
    ['ratings', recipe.id],
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
            {rating.user.id === me && (
              <IconButton
                label={t('rating.take_back')}
                disabled={takeBack.busy}
                onClick={() => void takeBack.submit()}
              >
                <Trash2 size={18} aria-hidden="true" />
              </IconButton>
            )}
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
    await refresh(recipeId);
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
          <Send busy={busy} error={error} label={t('rating.send')} />
        </>
      )}
    </form>
  );
}
