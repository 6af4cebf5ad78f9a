/** The components of the client; each is a thin, accessible layer over one HTML element. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ApiError } from '~/api/errors';
import { capital, t, type Word } from '~/i18n';

type Kind = 'primary' | 'quiet' | 'danger';

interface ButtonProps extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'loading'> {
  kind?: Kind;
  busy?: boolean;
  wide?: boolean;
  large?: boolean;
}

/** A button that takes no second press while its work is under way. */
export function Button({ kind, busy, wide, large, class: extra, children, onClick, ...rest }: ButtonProps) {
  const names = ['button', kind, wide && 'wide', large && 'large', extra].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      {...rest}
      class={names}
      aria-busy={busy ?? undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

export function IconButton({ label, children, class: extra, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} class={`iconbutton ${extra ?? ''}`} aria-label={label} title={label}>
      {children}
    </button>
  );
}

interface FieldProps {
  label: string;
  error?: string | undefined;
  hint?: ComponentChildren;
  children: (attributes: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: boolean;
  }) => ComponentChildren;
}

/** A label, its control, a hint and the problem with what was entered, tied together for screen readers. */
export function Field({ label, error, hint, children }: FieldProps) {
  const id = useId();
  const described = error || hint ? `${id}-about` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {described && (
        <div id={described} class={error ? 'error' : 'hint'} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

interface InputProps extends JSX.InputHTMLAttributes<HTMLInputElement> {
  label: string;
  error?: string | undefined;
  hint?: ComponentChildren;
  onText?: (text: string) => void;
}

export function Input({ label, error, hint, onText, ...rest }: InputProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <input
          class="input"
          {...rest}
          {...attributes}
          onInput={(event) => onText?.(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface AreaProps extends JSX.TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  error?: string | undefined;
  hint?: ComponentChildren;
  onText?: (text: string) => void;
}

export function Area({ label, error, hint, onText, ...rest }: AreaProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <textarea
          class="input"
          {...rest}
          {...attributes}
          onInput={(event) => onText?.(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onText: (value: string) => void;
  error?: string | undefined;
  hint?: ComponentChildren;
  name?: string;
}

export function Select({ label, value, options, onText, error, hint, name }: SelectProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <select
          class="input"
          name={name}
          value={value}
          {...attributes}
          onChange={(event) => onText(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Options of values that are named in the words under a prefix: `meal.dinner`. Each begins with a capital letter. */
export const choices = <T extends string>(values: readonly T[], prefix: string) =>
  values.map((value) => ({ value, label: capital(t(`${prefix}.${value}` as Word)) }));

interface ChoiceProps {
  legend: string;
  options: { value: string; label: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  single?: boolean;
  hideLegend?: boolean;
}

/** Chips to choose from: check boxes, or radio buttons where one may be chosen. */
export function Choice({ legend, options, chosen, onChange, single, hideLegend }: ChoiceProps) {
  const name = useId();
  const toggle = (value: string, on: boolean) =>
    onChange(single ? (on ? [value] : []) : on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <fieldset class="stack-s">
      <legend class={hideLegend ? 'visually-hidden' : 'legend'}>{legend}</legend>
      <div class="chips">
        {options.map((option) => (
          <label key={option.value} class="chip">
            <input
              class="visually-hidden"
              type={single ? 'radio' : 'checkbox'}
              name={name}
              checked={chosen.includes(option.value)}
              onChange={(event) => toggle(option.value, event.currentTarget.checked)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Check({
  label,
  checked,
  onChange,
  hint,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
  hint?: string | undefined;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="hint"> {hint}</span>}
      </span>
    </label>
  );
}

/** A modal dialog: the browser keeps the focus in it and gives it back when it closes. */
export function Dialog({
  title,
  open,
  onClose,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  // Browsers send `close` later, also after close(): by then another dialog of the same owner may be open.
  const onClosed = () => {
    if (open && !element.current?.open) onClose();
  };
  return (
    <dialog ref={element} aria-labelledby={id} onClose={onClosed} onCancel={onClose}>
      {open && (
        <div class="stack">
          <h2 id={id}>{title}</h2>
          {children}
        </div>
      )}
    </dialog>
  );
}

export function Notice({
  kind,
  children,
  role,
}: {
  kind?: 'good' | 'warn' | 'bad';
  children: ComponentChildren;
  role?: 'status' | 'alert';
}) {
  return (
    <div class={`notice ${kind ?? ''}`} role={role}>
      <div class="grow">{children}</div>
    </div>
  );
}

export function Empty({
  title,
  children,
  level = 2,
}: {
  title: string;
  children?: ComponentChildren;
  level?: 1 | 2 | 3;
}) {
  const Heading = `h${level}` as const;
  return (
    <div class="empty">
      <Plate seed={title} size={96} />
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

export function Skeletons({ count = 3, height = '9rem' }: { count?: number; height?: string }) {
  return (
    <div class="stack" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class="skeleton" style={{ height }} />
      ))}
    </div>
  );
}

/** What went wrong, in words of the person, and a way on. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const message = error instanceof ApiError ? error.sentence() : t('problem.unexpected');
  const isOffline = error instanceof ApiError && error.status === 0;
  // What is not there will not be there for asking again.
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <div class={`notice ${isOffline ? 'warn' : 'bad'}`} role="alert">
      <div class="grow stack-s">
        <p>{message}</p>
        {onRetry && (
          <div>
            {isGone ? (
              <a class="button" href="/">
                {t('app.to_start')}
              </a>
            ) : (
              <Button onClick={onRetry}>{t('common.retry')}</Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

interface Pictured {
  username: string;
  avatar?: { 256: string; 1024: string } | null;
}

export function Avatar({ person, large }: { person: Pictured; large?: boolean }) {
  const names = `avatar ${large ? 'large' : ''}`;
  const size = large ? 88 : 44;
  if (person.avatar)
    return <img class={names} src={person.avatar[256]} alt="" width={size} height={size} loading="lazy" />;
  return (
    <span class={names} aria-hidden="true">
      {person.username.slice(0, 1).toUpperCase()}
    </span>
  );
}

export function Stars({
  value,
  onChange,
  label,
}: {
  value: number;
  onChange?: (stars: number) => void;
  label: string;
}) {
  return (
    <fieldset class="stars" aria-label={label}>
      {[1, 2, 3, 4, 5].map((stars) => (
        <button
          key={stars}
          type="button"
          class={stars <= value ? 'on' : ''}
          aria-label={t('rating.stars', { count: stars })}
          aria-pressed={stars === value}
          onClick={() => onChange?.(stars)}
        >
          <svg
            viewBox="0 0 24 24"
            width="28"
            height="28"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            aria-hidden="true"
          >
            <path
              d="M12 3.2l2.7 5.6 6.1.8-4.5 4.2 1.2 6-5.5-3-5.5 3 1.2-6L3.2 9.6l6.1-.8z"
              stroke-linejoin="round"
            />
          </svg>
        </button>
      ))}
    </fieldset>
  );
}

const PLATES = [
  ['#f3b562', '#c8553d', '#588b4c'],
  ['#f2d7a6', '#a64b2a', '#7ba05b'],
  ['#f7c8a0', '#8c3b3b', '#d99a2b'],
  ['#e9dcc0', '#5d8a66', '#c9683c'],
  ['#f4c7c3', '#9c3848', '#6f9a5c'],
];

/** A drawn dish for recipes without a picture; the same title always gets the same one. */
export function Plate({ seed, size }: { seed: string; size?: number }) {
  const hash = [...seed].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
  const [rim, food, herb] = PLATES[hash % PLATES.length] ?? ['#f3b562', '#c8553d', '#588b4c'];
  const at = (step: number) => ((hash >> step) % 40) - 20;
  return (
    <svg
      class="plate"
      viewBox="0 0 160 90"
      aria-hidden="true"
      width={size}
      height={size ? size * 0.56 : undefined}
      preserveAspectRatio="xMidYMid slice"
    >
      <rect width="160" height="90" fill={rim} opacity="0.35" />
      <ellipse cx="80" cy="50" rx="52" ry="30" fill="#fffdf8" stroke={rim} stroke-width="3" />
      <ellipse cx={80 + at(2) / 5} cy="47" rx="34" ry="18" fill={food} opacity="0.9" />
      <circle cx={70 + at(4) / 2} cy={44 + at(6) / 5} r="6" fill={herb} />
      <circle cx={92 + at(8) / 2} cy={48 + at(10) / 6} r="5" fill={rim} />
      <path
        d={`M${60 + at(12) / 2} 52q8-8 16 0`}
        stroke={herb}
        stroke-width="3"
        fill="none"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** Calls `onSeen` when the end of a list comes near, and shows a button to those who ask for one. */
export function More({ hasMore, busy, onMore }: { hasMore: boolean; busy: boolean; onMore: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  const [automatic] = useState(() => 'IntersectionObserver' in globalThis);
  useEffect(() => {
    const target = element.current;
    if (!target || !hasMore || busy || !automatic) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && onMore(),
      {
        rootMargin: '600px',
      },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [hasMore, busy, onMore, automatic]);
  if (!hasMore) return null;
  return (
    <div ref={element} class="center">
      <Button busy={busy} onClick={onMore}>
        {t('common.more')}
      </Button>
    </div>
  );
}
