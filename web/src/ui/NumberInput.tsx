import { Input } from '~/ui';

interface Props {
  label: string;
  value: number | string | null;
  min?: number;
  max?: number;
  step?: number | 'any';
  onText: (text: string) => void;
  error?: string | undefined;
  required?: boolean;
}

/** A number, within bounds if given; the value stays a string until it is sent. */
export function NumberInput({ value, step, ...rest }: Props) {
  return (
    <Input
      {...rest}
      type="number"
      inputMode={step === 'any' ? 'decimal' : 'numeric'}
      step={step ?? 1}
      value={value ?? ''}
    />
  );
}
