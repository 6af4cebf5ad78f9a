import { useState } from 'preact/hooks';
import { t } from '~/i18n';
import { upload } from '~/lib/pictures';
import { toast } from '~/lib/toasts';

interface Props {
  label: string;
  purpose: 'avatar' | 'recipe';
  /** The upload and an address of the picture for as long as the page is open. */
  onUploaded: (upload: string, preview: string) => Promise<void> | void;
}

/** Choose a picture, and wait until it was sent and checked. */
export function PictureButton({ label, purpose, onUploaded }: Props) {
  const [step, setStep] = useState<number | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      setStep(0);
      await onUploaded(await upload(file, purpose, setStep), URL.createObjectURL(file));
    } catch {
      toast(t('post.picture_refused', { name: file.name }));
    } finally {
      setStep(null);
    }
  };
  return (
    <>
      <label class="button">
        {label}
        <input
          class="visually-hidden"
          type="file"
          accept="image/*"
          disabled={step !== null}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      {step !== null && <progress max={1} value={step} aria-label={t('post.uploading')} />}
    </>
  );
}
