import { Heart } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';
import { isFavorite } from '~/parts/favorites';
import { IconButton } from '~/ui';

/** Keep a recipe among the favorites, or take it out again. */
export function SaveButton({ recipeId, title }: { recipeId: string; title: string }) {
  const { data: known } = useQuery({
    queryKey: ['favorites', 'is', recipeId],
    queryFn: () => isFavorite(recipeId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  /** What was pressed here wins over what was answered before. */
  const [pressed, setPressed] = useState<boolean | null>(null);
  const saved = pressed ?? known ?? false;
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
