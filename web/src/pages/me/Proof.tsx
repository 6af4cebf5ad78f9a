import { ApiError } from '~/api/errors';
import { t } from '~/i18n';
import { Input } from '~/ui';

export interface Proof {
  password: string;
  code: string;
}

export const NONE: Proof = { password: '', code: '' };

/** The proof as the API takes it: a code only where one was typed. */
export const sent = ({ password, code }: Proof) => ({ password, ...codeOf(code) });

export const codeOf = (code: string) => (code.trim() ? { code: code.trim() } : {});

interface CodeProps {
  value: string;
  onText: (code: string) => void;
  about: (field: string) => string | undefined;
  error: unknown;
}

/** The code of the authenticator, once the API has asked for it. */
export function CodeField({ value, onText, about, error }: CodeProps) {
  const isAsked = value !== '' || about('code') !== undefined || asksForCode(error);
  if (!isAsked) return null;
  return (
    <Input
      label={t('auth.code_app')}
      inputMode="numeric"
      autocomplete="one-time-code"
      maxLength={6}
      value={value}
      onText={onText}
      error={about('code')}
    />
  );
}

/** Password, and the code of the authenticator once the API has asked for it. */
export function ProofFields(props: {
  value: Proof;
  onChange: (proof: Proof) => void;
  about: (field: string) => string | undefined;
  error: unknown;
}) {
  const { value, onChange, about, error } = props;
  return (
    <>
      <Input
        label={t('data.password')}
        type="password"
        autocomplete="current-password"
        value={value.password}
        onText={(password) => onChange({ ...value, password })}
        error={about('password')}
        required
      />
      <CodeField
        value={value.code}
        onText={(code) => onChange({ ...value, code })}
        about={about}
        error={error}
      />
    </>
  );
}

const asksForCode = (error: unknown): boolean =>
  error instanceof ApiError && ['code_required', 'invalid_code'].includes(error.code);
