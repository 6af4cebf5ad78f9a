/** Learning the person's time zone, for pages that say which day it is. */
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { setZone } from '~/lib/zone';

/** Ask once for the zone; what has read `today` is drawn anew if it was another. */
export function useZone(): void {
  useQuery({
    queryKey: ['timezone'],
    queryFn: async () => {
      const { timezone } = await unwrap(api.GET('/v1/users/me/preferences'));
      setZone(timezone);
      return timezone;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
