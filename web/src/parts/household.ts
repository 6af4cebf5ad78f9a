import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries } from '~/api/queries';

/** Read the household; null for whoever belongs to none. */
export async function readHousehold(): Promise<Schemas['HouseholdOut'] | null> {
  try {
    return await unwrap(api.GET('/v1/household'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Read anew what belongs to the household: whoever founds, joins or leaves one has another pantry, plans and lists. */
export const refreshHousehold = () =>
  Promise.all(
    ['household', 'pantry', 'plans', 'plan', 'lists', 'list'].map((name) =>
      queries.invalidateQueries({ queryKey: [name] }),
    ),
  );
