import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';

/** Read the household; null for whoever belongs to none. */
export async function readHousehold(): Promise<Schemas['HouseholdOut'] | null> {
  try {
    return await unwrap(api.GET('/v1/household'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
