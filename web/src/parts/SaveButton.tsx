import { Heart } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';
import { IconButton } from '~/ui';

const PAGE = 100;
/** Pages that are looked through: who keeps more is told so of the latest. */
const MOST_PAGES = 5;

/** The recipes that one keeps; a recipe does not say so itself, since it is the same for all. */
async function favoriteIds(): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await unwrap(
      api.GET('/v1/favorites', { params: { query: { cursor, limit: PAGE, sort: 'added' } } }),
    );
    for (const one of items) ids.add(one.id);
    if (!next) break;
    cursor = next;
  }
  return ids;
}

/** Keep a recipe among the favorites, or take it out again. */
export function SaveButton({ recipeId, title }: { recipeId: string; title: string }) {
  const { data: known } = useQuery({
    queryKey: ['favorites', 'ids'],
    queryFn: favoriteIds,
    staleTime: Number.POSITIVE_INFINITY,
  });
  /** What was pressed here wins over what the list said before. */
  const [pressed, setPressed] = useState<boolean | null>(null);
  const saved = pressed ?? known?.has(recipeId) ?? false;
  const toggle = async () => {
    const next = !saved;
    setPressed(next);
    const params = { params: { path: { recipe_id: recipeId } } };
    try {
      await unwrap(
        next
          ? api.PUT('/v1/recipes/{recipe_id}/favorite', params)
          : api.DELETE('/v1/recipes/{recipe_id}/favorite', params),
      );
      toast(t(next ? 'recipe.saved' : 'recipe.unsaved', { title }));
      void queries.invalidateQueries({ queryKey: ['favorites'] });
    } catch (error) {
      setPressed(!next);
      toast(error instanceof ApiError ? error.sentence() : t('problem.unexpected'));
    }
  };
  return (
    <IconButton
      label={t(saved ? 'recipe.unsave' : 'recipe.save')}
      aria-pressed={saved}
      onClick={() => void toggle()}
    >
      <Heart size={22} aria-hidden="true" fill={saved ? 'currentColor' : 'none'} />
    </IconButton>
  );
}
