import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { unitName } from '~/parts/Amount';
import { type Lot, placeChoices, refreshPantry, UNITS } from '~/parts/pantry';
import { Button, Input, Select } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';
import { Send } from '~/ui/Send';

const REASONS = ['used', 'wasted', 'mistake'] as const;
type Reason = (typeof REASONS)[number];

/** Change a lot, or take it out and say why: what was wasted is counted as such. */
export function LotForm({ ingredient, lot, onDone }: { ingredient: string; lot: Lot; onDone: () => void }) {
  const [quantity, setQuantity] = useState(lot.quantity === null ? '' : String(lot.quantity));
  const [unit, setUnit] = useState(lot.unit ?? '');
  const [expires, setExpires] = useState(lot.expires_on ?? '');
  const [place, setPlace] = useState<string>(lot.place ?? '');
  const path = { ingredient_id: ingredient, lot_id: lot.id };
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(
      api.PATCH('/v1/pantry/{ingredient_id}/lots/{lot_id}', {
        params: { path },
        body: {
          quantity: quantity === '' ? null : Number(quantity),
          unit: unit || null,
          expires_on: expires || null,
          place: (place || null) as Lot['place'],
        },
      }),
    );
    await refreshPantry();
  }, onDone);
  const remove = useSubmit(async (reason: Reason) => {
    await unwrap(
      api.DELETE('/v1/pantry/{ingredient_id}/lots/{lot_id}', { params: { path, query: { reason } } }),
    );
    await refreshPantry();
    toast(t(`pantry.gone_${reason}`));
  }, onDone);
  const units = [...new Set(['', ...(lot.unit ? [lot.unit] : []), ...UNITS])];
  return (
    <form class="stack" onSubmit={submit}>
      <div class="pair">
        <NumberInput
          label={t('editor.amount')}
          min={0}
          step="any"
          value={quantity}
          onText={setQuantity}
          error={about('quantity')}
        />
        <Select
          label={t('pantry.unit')}
          value={unit}
          onText={setUnit}
          options={units.map((value) => ({ value, label: unitName(value) }))}
        />
      </div>
      <Input
        label={t('pantry.expires')}
        type="date"
        value={expires}
        onText={setExpires}
        error={about('expires_on')}
      />
      <Select label={t('pantry.place')} value={place} onText={setPlace} options={placeChoices()} />
      <Send busy={busy} error={error ?? remove.error} onCancel={onDone} />
      <fieldset class="stack-s">
        <legend class="legend">{t('pantry.take_out')}</legend>
        <div class="row">
          {REASONS.map((reason) => (
            <Button key={reason} busy={remove.busy} onClick={() => void remove.run(reason)}>
              {t(`pantry.${reason}`)}
            </Button>
          ))}
        </div>
      </fieldset>
    </form>
  );
}
