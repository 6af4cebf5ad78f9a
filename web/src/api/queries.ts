/** Queries and their keys: what the pages read, kept for as long as it is fresh enough. */
import { onlineManager, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { language } from '~/i18n';
import { ApiError } from './errors';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The service worker answers without a network from what it has kept.
      networkMode: 'always',
      staleTime: 30_000,
      // Where the browser knows of no network, asking again would only keep the person waiting for the message.
      retry: (count, error) =>
        count < 2 &&
        error instanceof ApiError &&
        (error.status === 503 || (error.status === 0 && navigator.onLine)),
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
    },
    mutations: { retry: false },
  },
});

// It takes a page to have begun with a network, and would miss that one comes back.
onlineManager.setOnline(navigator.onLine);

// Names and messages of the API are of the language that was asked for.
let spoken = language.value;
language.subscribe((now) => {
  if (now !== spoken) void queries.invalidateQueries();
  spoken = now;
});

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Follow a list by its cursors; `load` gets the cursor of the page, none for the first one. */
export function usePages<T>(
  key: readonly unknown[],
  load: (cursor?: string) => Promise<Page<T>>,
  enabled = true,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
  return {
    ...query,
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    more: () => void query.fetchNextPage(),
  };
}

export { useQuery };
