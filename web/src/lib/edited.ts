import { useEffect, useState } from 'preact/hooks';
import { useQuery } from '~/api/queries';

/** Loads something once and lets a form edit a copy of it. */
export function useEdited<T>(
  key: string,
  load: () => Promise<T>,
): [T | null, (changes: Partial<T>) => void, unknown, () => void] {
  const { data, error, refetch } = useQuery({ queryKey: [key], queryFn: load });
  const [edited, setEdited] = useState<T | null>(null);
  useEffect(() => {
    if (data && !edited) setEdited(data);
  }, [data, edited]);
  return [
    edited,
    (changes) => setEdited((before) => (before ? { ...before, ...changes } : before)),
    error,
    () => void refetch(),
  ];
}
