import { Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Schemas } from '~/api/client';
import { t } from '~/i18n';
import { change } from '~/lib/listChanges';
import { Amount, amountText } from '~/parts/Amount';
import { amountInField, readAmount, unitCode, unitText } from '~/parts/written';
import { Dialog, IconButton, Input } from '~/ui';
import { Send } from '~/ui/Send';

type Item = Schemas['ListItemOut'];
interface Props {
  list: string;
  item: Item;
}

/** Something to buy: checked, changed or removed, also without a network. */
export function ListLine({ list, item }: Props) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <li class={item.checked ? 'bought' : ''}>
      <label class="check grow">
        <input
          type="checkbox"
          checked={item.checked}
          onChange={(event) => change(list, item.id, { checked: event.currentTarget.checked })}
        />
        <span class="grow">
          <span class="bought-name">{item.name}</span>{' '}
          <span class="soft nums">
            <Amount quantity={item.quantity} unit={item.unit} computed />
            {item.packs && ` (${t('lists.packs', { count: item.packs.count, size: packSize(item.packs) })})`}
          </span>
          {item.note && <span class="hint">{item.note}</span>}
        </span>
      </label>
      <div class="row no-print tight">
        <IconButton label={t('lists.change', { name: item.name })} onClick={() => setOpen(true)}>
          <Pencil size={18} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('lists.remove', { name: item.name })}
          onClick={() => change(list, item.id, null)}
        >
          <Trash2 size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <Dialog title={item.name} open={isOpen} onClose={close}>
        <ItemForm list={list} item={item} onDone={close} />
      </Dialog>
    </li>
  );
}

function ItemForm({ list, item, onDone }: Props & { onDone: () => void }) {
  const [quantity, setQuantity] = useState(amountInField(item.quantity));
  const [unit, setUnit] = useState(unitText(item.unit));
  const [note, setNote] = useState(item.note ?? '');
  const amount = readAmount(quantity);
  const save = (event: Event) => {
    event.preventDefault();
    if (!amount) return;
    const values = {
      quantity: amount.quantity,
      unit: unit === unitText(item.unit) ? item.unit : unitCode(unit),
      note: note.trim() || null,
    };
    const before: Partial<Item> = item;
    const changed = Object.entries(values).filter(([name, value]) => before[name as keyof Item] !== value);
    if (changed.length) change(list, item.id, Object.fromEntries(changed));
    onDone();
  };
  return (
    <form class="stack" onSubmit={save}>
      <div class="pair">
        <Input
          label={t('editor.amount')}
          inputMode="decimal"
          value={quantity}
          onText={setQuantity}
          error={amount ? undefined : t('lists.no_amount')}
        />
        <Input label={t('pantry.unit')} value={unit} onText={setUnit} maxLength={20} />
      </div>
      <Input label={t('lists.note')} value={note} onText={setNote} maxLength={200} />
      <Send busy={false} error={null} disabled={!amount} onCancel={onDone} />
    </form>
  );
}

const packSize = (packs: NonNullable<Item['packs']>): string =>
  amountText({ quantity: packs.size, unit: packs.unit });
