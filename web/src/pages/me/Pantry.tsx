import { Trash2 } from 'lucide-preact';
import { useId, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { date, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Amount } from '~/parts/Amount';
import { Completion } from '~/parts/Fridge';
import { Button, Empty, IconButton, Input, More, Notice, Problem, Skeletons } from '~/ui';

type Item = Schemas['PantryItemOut'];
const SOON_DAYS = 3;

const daysUntil = (iso: string): number =>
  Math.ceil((new Date(`${iso}T23:59:59`).getTime() - Date.now()) / 86_400_000) - 1;

export default function Pantry() {
  const list = usePages<Item>(['pantry'], (cursor) =>
    unwrap(api.GET('/v1/pantry', { params: { query: { cursor, limit: 100, sort: 'expires' } as never } })),
  );
  const remove = async (item: Item) => {
    await unwrap(
      api.DELETE('/v1/pantry/{ingredient_id}', { params: { path: { ingredient_id: item.ingredient.id } } }),
    ).catch(() => toast(t('problem.unexpected')));
    await queries.invalidateQueries({ queryKey: ['pantry'] });
  };
  return (
    <Page
      title={t('nav.pantry')}
      lead={t('pantry.lead')}
      reading
      aside={
        <a class="button" href="/">
          {t('home.ask')}
        </a>
      }
    >
      <Add />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && <Empty title={t('pantry.empty')} />}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((item) => (
            <li key={item.ingredient.id}>
              <span class="grow">
                <strong>{item.ingredient.name}</strong>{' '}
                <span class="soft nums">
                  <Amount quantity={item.quantity} unit={item.unit} />
                </span>
              </span>
              {item.expires_on && <Expiry on={item.expires_on} />}
              <IconButton
                label={t('pantry.remove', { name: item.ingredient.name })}
                onClick={() => void remove(item)}
              >
                <Trash2 size={18} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}

function Expiry({ on }: { on: string }) {
  const days = daysUntil(on);
  if (days < 0) return <span class="chip bad">{t('pantry.expired')}</span>;
  if (days <= SOON_DAYS) return <span class="chip warn">{t('pantry.soon', { count: days })}</span>;
  return <span class="chip">{t('pantry.until', { date: date(on) })}</span>;
}

function Add() {
  const id = useId();
  const [name, setName] = useState('');
  const [expires, setExpires] = useState('');
  const [choices, setChoices] = useState<Schemas['IngredientOut'][]>([]);
  const put = async (ingredientId: string, quantity?: number | null, unit?: string | null) => {
    await unwrap(
      api.PUT('/v1/pantry/{ingredient_id}', {
        params: { path: { ingredient_id: ingredientId } },
        body: { quantity: quantity ?? null, unit: unit ?? null, expires_on: expires || null },
      }),
    );
    setName('');
    setChoices([]);
    await queries.invalidateQueries({ queryKey: ['pantry'] });
  };
  const { submit, busy, error } = useSubmit(async () => {
    if (!name.trim()) return;
    const { results } = await unwrap(
      api.POST('/v1/ingredients/validate', { body: { ingredients: [name.trim()] } }),
    );
    const match = results[0];
    if (match?.ingredient && (match.status === 'exact' || match.status === 'corrected'))
      await put(match.ingredient.id, match.quantity, match.unit);
    else setChoices(match?.suggestions ?? []);
    if (match && !match.ingredient && !match.suggestions.length) toast(t('fridge.unknown', { name }));
  });
  return (
    <form class="card stack-s" onSubmit={submit}>
      <label class="legend" for={id}>
        {t('pantry.add')}
      </label>
      <Completion
        id={id}
        value={name}
        onText={setName}
        onChoose={setName}
        placeholder={t('pantry.placeholder')}
      />
      <Input label={t('pantry.expires')} type="date" value={expires} onText={setExpires} />
      {choices.length > 0 && (
        <Notice kind="warn">
          <p>{t('fridge.which', { name })}</p>
          <div class="chips">
            {choices.map((one) => (
              <button key={one.id} type="button" class="chip" onClick={() => void put(one.id)}>
                {one.name}
              </button>
            ))}
          </div>
        </Notice>
      )}
      {error != null && <Problem error={error} />}
      <div>
        <Button kind="primary" type="submit" busy={busy}>
          {t('common.add')}
        </Button>
      </div>
    </form>
  );
}
