import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { unitName } from '~/parts/Amount';
import { type Item, refreshPantry } from '~/parts/pantry';
import { Button, Problem } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';

/** Take some of a food out of the pantry, or all of it; what expires first goes first. */
export function UseForm({ item, onDone }: { item: Item; onDone: () => void }) {
  const [quantity, setQuantity] = useState(item.quantity === null ? '' : String(item.quantity));
  const { name, id } = item.ingredient;
  const take = useSubmit(async (isAll: boolean) => {
    const amount = isAll || item.quantity === null ? {} : { quantity: Number(quantity), unit: item.unit };
    await unwrap(
      api.POST('/v1/pantry/use', {
        body: { items: [{ ingredient_id: id, ...amount }] },
      }),
    );
    await refreshPantry();
    toast(t('pantry.gone_used'));
  }, onDone);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void take.run(Number(quantity) >= (item.quantity ?? 0));
      }}
    >
      {item.quantity !== null && (
        <NumberInput
          label={t('pantry.how_much', { unit: unitName(item.unit ?? 'piece') })}
          min={0}
          max={item.quantity}
          step="any"
          value={quantity}
          onText={setQuantity}
          required
        />
      )}
      <p class="hint">{t('pantry.use_hint', { name })}</p>
      {take.error != null && <Problem error={take.error} />}
      <div class="row">
        {item.quantity !== null && (
          <Button kind="primary" type="submit" busy={take.busy}>
            {t('pantry.take')}
          </Button>
        )}
        <Button busy={take.busy} onClick={() => void take.run(true)}>
          {t('pantry.used')}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
