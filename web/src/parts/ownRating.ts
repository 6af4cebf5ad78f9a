/** One's own rating of a recipe, which forms begin with. */
import { api, type Schemas, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';

export type Rating = Schemas['RatingOut'];

/** Null where one has not rated; undefined until that is known. */
export function useOwnRating(recipeId: string, enabled = true): Rating | null | undefined {
  const { data } = useQuery({
    queryKey: ['ratings', recipeId, 'mine'],
    queryFn: async () => {
      const params = { path: { recipe_id: recipeId }, query: { mine: true } };
      const { items } = await unwrap(api.GET('/v1/recipes/{recipe_id}/ratings', { params }));
      return items[0] ?? null;
    },
    enabled,
  });
  return data;
}
