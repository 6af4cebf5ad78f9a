import { t } from '~/i18n';
import { Button, Problem } from '~/ui';

interface Props {
  busy: boolean;
  error: unknown;
  /** The word on the button; "Save" unless another is given. */
  label?: string;
  disabled?: boolean;
  onCancel?: () => void;
}

/** The end of a form: what went wrong, the button that sends it, and the way back where there is one. */
export function Send({ busy, error, label, disabled, onCancel }: Props) {
  return (
    <>
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={disabled}>
          {label ?? t('common.save')}
        </Button>
        {onCancel && (
          <Button kind="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </>
  );
}
