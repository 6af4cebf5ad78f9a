import { Heart } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';
import { IconButton } from '~/ui';

/** Keep a recipe among the favorites, or take it out again. */
export function SaveButton({
  recipeId,
  title,
  saved: initially = false,
}: {
  recipeId: string;
  title: string;
  saved?: boolean;
}) {
  const [saved, setSaved] = useState(initially);
  const toggle = async () => {
    const next = !saved;
    setSaved(next);
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
      setSaved(!next);
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
