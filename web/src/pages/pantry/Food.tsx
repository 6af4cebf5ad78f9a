import { Check, Pencil } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { date, t } from '~/i18n';
import { daysUntil } from '~/lib/zone';
import { Amount } from '~/parts/Amount';
import type { Item, Lot } from '~/parts/pantry';
import { Dialog, IconButton } from '~/ui';
import { LotForm } from './LotForm';
import { UseForm } from './UseForm';

const SOON_DAYS = 3;

/** A food at home with its lots, each of which can be changed, and the way to use some or all of it. */
export function Food({ item }: { item: Item }) {
  const [asked, setAsked] = useState<'use' | Lot | null>(null);
  const { name } = item.ingredient;
  const close = () => setAsked(null);
  return (
    <div class="food grow">
      <div class="row-between">
        <p class="grow">
          <strong>{name}</strong>{' '}
          <span class="soft nums">
            <Amount quantity={item.quantity} unit={item.unit} />
          </span>
        </p>
        <IconButton label={t('pantry.use', { name })} onClick={() => setAsked('use')}>
          <Check size={20} aria-hidden="true" />
        </IconButton>
      </div>
      <ul class="stack-xs" aria-label={t('pantry.lots', { name })}>
        {item.lots.map((lot) => (
          <li key={lot.id} class="lot">
            <LotFacts lot={lot} isOnly={item.lots.length === 1} />
            <IconButton
              label={t('pantry.change', { name: lotName(item, lot) })}
              onClick={() => setAsked(lot)}
            >
              <Pencil size={18} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <Dialog title={t('pantry.use', { name })} open={asked === 'use'} onClose={close}>
        <UseForm item={item} onDone={close} />
      </Dialog>
      <Dialog title={name} open={asked !== null && asked !== 'use'} onClose={close}>
        {asked !== null && asked !== 'use' && (
          <LotForm ingredient={item.ingredient.id} lot={asked} onDone={close} />
        )}
      </Dialog>
    </div>
  );
}

/** What a screen reader calls a lot: the food, and its date where it has one. */
const lotName = (item: Item, lot: Lot): string =>
  lot.expires_on ? `${item.ingredient.name}, ${date(lot.expires_on)}` : item.ingredient.name;

function LotFacts({ lot, isOnly }: { lot: Lot; isOnly: boolean }) {
  return (
    <span class="row grow">
      {!isOnly && lot.quantity !== null && (
        <span class="nums lot-amount">
          <Amount quantity={lot.quantity} unit={lot.unit} />
        </span>
      )}
      {lot.place && <span class="chip">{t(`place.${lot.place}`)}</span>}
      {lot.expires_on ? (
        <Expiry on={lot.expires_on} />
      ) : (
        <span class="small soft">{t('pantry.no_date')}</span>
      )}
    </span>
  );
}

export function Expiry({ on }: { on: string }) {
  const days = daysUntil(on);
  if (days < 0) return <span class="chip bad">{t('pantry.expired', { date: date(on) })}</span>;
  if (days === 0) return <span class="chip warn">{t('pantry.today')}</span>;
  if (days <= SOON_DAYS) return <span class="chip warn">{t('pantry.soon', { count: days })}</span>;
  return <span class="chip">{t('pantry.until', { date: date(on) })}</span>;
}
