/** Short messages at the edge of the page, with at most one thing to do. */
import { signal } from '@preact/signals';
import { t } from '~/i18n';

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const shown = signal<Toast[]>([]);
const SECONDS = 6;
let last = 0;

export function toast(text: string, action?: Toast['action']): void {
  const id = ++last;
  shown.value = [...shown.value.slice(-2), { id, text, action }];
  setTimeout(() => dismiss(id), SECONDS * 1000);
}

function dismiss(id: number): void {
  shown.value = shown.value.filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map((one) => (
        <div key={one.id} class="toast">
          <span>{one.text}</span>
          {one.action && (
            <button
              type="button"
              onClick={() => {
                one.action?.run();
                dismiss(one.id);
              }}
            >
              {one.action.label}
            </button>
          )}
          <button type="button" onClick={() => dismiss(one.id)}>
            {t('common.close')}
          </button>
        </div>
      ))}
    </div>
  );
}
