/** A form that is being sent: one press at a time, and problems of the API at their fields. */
import { useState } from 'preact/hooks';
import { ApiError } from '~/api/errors';

export function useSubmit(work: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  return { submit, busy, error, about };
}
