import { CloudUpload, Plus, Share2, Trash2 } from 'lucide-preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { change, changes, sendChanges, withChanges } from '~/lib/listChanges';
import { toast } from '~/lib/toasts';
import { ulid } from '~/lib/ulid';
import { Completion } from '~/parts/Fridge';
import { Button, Dialog, IconButton, Problem, Skeletons } from '~/ui';
import { ListLine } from './ListLine';

type List = Schemas['ShoppingListOut'];
type Item = Schemas['ListItemOut'];
/** Several people may shop at once: what others have checked is seen within this time. */
const REFRESH_SECONDS = 10;
const AISLES: Schemas['AisleEnum'][] = [
  'produce',
  'meat',
  'seafood',
  'dairy_eggs',
  'bakery_grains',
  'dry_goods',
  'spices',
  'sauces_cans',
  'drinks',
  'prepared',
  'other',
];

export default function ListPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['list', id],
    queryFn: () =>
      unwrap(
        api.GET('/v1/lists/{list_id}', { params: { path: { list_id: id } } }),
      ) as unknown as Promise<List>,
    refetchInterval: REFRESH_SECONDS * 1000,
  });
  useEffect(() => void sendChanges(), []);
  if (!data)
    return (
      <Page title={t('lists.one')} reading>
        {error ? (
          <Problem error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeletons height="3rem" count={6} />
        )}
      </Page>
    );
  return <Shopping list={data} />;
}

function Shopping({ list }: { list: List }) {
  const items = withChanges(list.id, list.items, changes.value);
  const waiting = changes.value.filter((one) => one.list === list.id).length;
  const checked = items.filter((item) => item.checked).length;
  return (
    <Page
      title={list.name}
      lead={t('lists.progress', { done: checked, count: items.length })}
      reading
      aside={<Actions list={list} />}
    >
      {waiting > 0 && (
        <p class="notice warn" role="status">
          <CloudUpload size={20} aria-hidden="true" /> {t('lists.waiting', { count: waiting })}
        </p>
      )}
      {AISLES.map((aisle) => (
        <Aisle
          key={aisle}
          list={list.id}
          aisle={aisle}
          items={items.filter((item) => item.aisle === aisle)}
        />
      ))}
      <Add list={list.id} />
      {list.covered.length > 0 && (
        <p class="soft small">{t('lists.covered', { names: list.covered.join(', ') })}</p>
      )}
      <Finish list={list} disabled={!checked || waiting > 0} />
    </Page>
  );
}

function Aisle({ list, aisle, items }: { list: string; aisle: Schemas['AisleEnum']; items: Item[] }) {
  if (!items.length) return null;
  return (
    <section class="card stack-s">
      <h2 class="aisle">{t(`aisle.${aisle}`)}</h2>
      <ul class="lines">
        {items.map((item) => (
          <ListLine key={item.id} list={list} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Add({ list }: { list: string }) {
  const id = useId();
  const [name, setName] = useState('');
  const add = (text: string) => {
    if (!text.trim()) return;
    change(list, ulid(), { name: text.trim().slice(0, 100), checked: false });
    setName('');
  };
  return (
    <form
      class="row no-print"
      onSubmit={(event) => {
        event.preventDefault();
        add(name);
      }}
    >
      <div class="grow">
        <label class="visually-hidden" for={id}>
          {t('lists.add')}
        </label>
        <Completion id={id} value={name} onText={setName} onChoose={add} placeholder={t('lists.add')} />
      </div>
      <Button type="submit" aria-label={t('lists.add')}>
        <Plus size={20} aria-hidden="true" />
      </Button>
    </form>
  );
}

function Actions({ list }: { list: List }) {
  const [isAsking, setAsking] = useState(false);
  const { route } = useLocation();
  const share = useSubmit(async () => {
    const text = await unwrap(
      api.GET('/v1/lists/{list_id}', {
        params: { path: { list_id: list.id }, query: { format: 'text' } },
        parseAs: 'text',
      }),
    );
    await send(String(text), list.name);
  });
  const remove = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/lists/{list_id}', { params: { path: { list_id: list.id } } }));
    await queries.invalidateQueries({ queryKey: ['lists'] });
    route('/lists', true);
  });
  return (
    <div class="row no-print">
      <Button busy={share.busy} onClick={() => void share.submit()}>
        <Share2 size={18} aria-hidden="true" /> {t('recipe.share')}
      </Button>
      <Button onClick={() => print()}>{t('recipe.print')}</Button>
      <IconButton label={t('lists.delete')} onClick={() => setAsking(true)}>
        <Trash2 size={20} aria-hidden="true" />
      </IconButton>
      {share.error != null && <Problem error={share.error} />}
      <Dialog title={t('lists.delete')} open={isAsking} onClose={() => setAsking(false)}>
        <p>{t('lists.delete_sure')}</p>
        {remove.error != null && <Problem error={remove.error} />}
        <div class="row">
          <Button kind="danger" busy={remove.busy} onClick={() => void remove.submit()}>
            {t('common.delete')}
          </Button>
          <Button kind="quiet" onClick={() => setAsking(false)}>
            {t('common.cancel')}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}

/** Hand a text to another app, or to the clipboard where the browser shares nothing. */
async function send(text: string, title: string): Promise<void> {
  if (navigator.share) {
    await navigator.share({ title, text }).catch(() => undefined);
    return;
  }
  await navigator.clipboard.writeText(text);
  toast(t('lists.copied'));
}

function Finish({ list, disabled }: { list: List; disabled: boolean }) {
  const { submit, busy, error } = useSubmit(async () => {
    const done = await unwrap(
      api.POST('/v1/lists/{list_id}/done', {
        params: { path: { list_id: list.id } },
      }),
    );
    queries.setQueryData(['list', list.id], done);
    await queries.invalidateQueries({ queryKey: ['pantry'] });
    await queries.invalidateQueries({ queryKey: ['lists'] });
    toast(t('lists.stored'));
  });
  return (
    <div class="stack-s no-print">
      {error != null && <Problem error={error} />}
      <Button kind="primary" large wide busy={busy} disabled={disabled} onClick={() => void submit()}>
        {t('lists.finish')}
      </Button>
      <p class="hint center">{t('lists.finish_hint')}</p>
    </div>
  );
}
