import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { amountText } from '~/parts/Amount';
import { refreshPantry } from '~/parts/pantry';
import { Button, Check, Problem } from '~/ui';

type Offer = Schemas['PantryOfferOut'];

/** What a dish took of what is at home, to be confirmed: it leaves the pantry once for a session. */
export function TakeOut({
  session,
  offers,
  onDone,
}: {
  session: string;
  offers: Offer[];
  onDone: () => void;
}) {
  const [kept, setKept] = useState<string[]>([]);
  const taken = offers.filter((one) => !kept.includes(one.ingredient_id));
  const { submit, busy, error } = useSubmit(async () => {
    const items = taken.map(({ ingredient_id, quantity, unit }) => ({ ingredient_id, quantity, unit }));
    await unwrap(api.POST('/v1/pantry/use', { body: { items, session_id: session } })).catch((caught) => {
      if (!(caught instanceof ApiError && caught.code === 'already_used')) throw caught;
    });
    await refreshPantry();
    onDone();
  });
  const toggle = (id: string, on: boolean) =>
    setKept((before) => (on ? before.filter((one) => one !== id) : [...before, id]));
  return (
    <form class="stack" onSubmit={submit}>
      <h2>{t('cook.take_title')}</h2>
      <p>{t('cook.take_lead')}</p>
      <ul class="card lines">
        {offers.map((offer) => (
          <li key={offer.ingredient_id}>
            <Check
              label={`${offer.name}: ${amountText({ quantity: offer.quantity, unit: offer.unit, computed: true }) || t('cook.take_all')}`}
              hint={offer.at_hand.length ? t('cook.at_hand', { amount: atHand(offer) }) : undefined}
              checked={!kept.includes(offer.ingredient_id)}
              onChange={(on) => toggle(offer.ingredient_id, on)}
            />
          </li>
        ))}
      </ul>
      {error != null && <Problem error={error} />}
      <div class="row">
        <Button kind="primary" large type="submit" busy={busy} disabled={!taken.length}>
          {t('cook.take')}
        </Button>
        <Button large onClick={onDone}>
          {t('cook.take_none')}
        </Button>
      </div>
    </form>
  );
}

const atHand = (offer: Offer): string =>
  offer.at_hand.map(({ quantity, unit }) => amountText({ quantity, unit, computed: true })).join(' + ');
