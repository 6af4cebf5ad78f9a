import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { Button, Dialog, IconButton, Problem } from '~/ui';

interface Props {
  label: string;
  /** What happens, and whether it can be undone. */
  question: string;
  /** The word on the button that does it; "Delete" unless another is given. */
  act?: string;
  icon?: ComponentChildren;
  onConfirm: () => Promise<void>;
}

/** A button for what cannot be undone: it asks first, and shows in the dialog what went wrong. */
export function ConfirmButton({ label, question, act, icon, onConfirm }: Props) {
  const [open, setOpen] = useState(false);
  const { submit, busy, error } = useSubmit(async () => {
    await onConfirm();
    setOpen(false);
  });
  const ask = () => setOpen(true);
  return (
    <>
      {icon ? (
        <IconButton label={label} onClick={ask}>
          {icon}
        </IconButton>
      ) : (
        <Button kind="danger" onClick={ask}>
          {label}
        </Button>
      )}
      <Dialog title={label} open={open} onClose={() => setOpen(false)}>
        <p>{question}</p>
        {error != null && <Problem error={error} />}
        <div class="row">
          <Button kind="danger" busy={busy} onClick={() => void submit()}>
            {act ?? t('common.delete')}
          </Button>
          <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
        </div>
      </Dialog>
    </>
  );
}
