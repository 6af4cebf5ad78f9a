/** A form that is being sent: one press at a time, and problems of the API at their fields. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '~/api/errors';

/**
 * `onDone` is called after the work succeeded, unless the form is gone: somebody who closed it meanwhile
 * may have opened another one, which must stay.
 */
export function useSubmit<Given extends unknown[] = []>(
  work: (...given: Given) => Promise<void>,
  onDone?: () => void,
) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // Two presses within one frame see the same state: only this tells them apart.
  const isUnderWay = useRef(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const run = async (...given: Given) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setError(null);
    try {
      await work(...given);
      if (isShown.current) onDone?.();
    } catch (caught) {
      setError(caught);
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  };
  /** As the handler of a form or a button, for work that needs nothing else. */
  const submit = (event?: Event) => {
    event?.preventDefault();
    return (run as () => Promise<void>)();
  };
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  return { submit, run, busy, error, about };
}
