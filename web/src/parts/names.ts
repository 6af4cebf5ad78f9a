/** Names of ingredients by their ids, in the language of the person; unknown ones keep the name they were written with. */
import { useQueries } from '@tanstack/preact-query';
import { api, unwrap } from '~/api/client';
import { language } from '~/i18n';

const IS_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

export function useNames(ids: readonly string[]): string[] {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['ingredient', id, language.value],
      queryFn: () =>
        unwrap(api.GET('/v1/ingredients/{ingredient_id}', { params: { path: { ingredient_id: id } } })),
      enabled: IS_ID.test(id),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  return ids.map((id, index) => (IS_ID.test(id) ? (found[index]?.data?.name ?? '…') : id));
}
