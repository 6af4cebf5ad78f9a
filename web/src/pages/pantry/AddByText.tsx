import { X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { refreshPantry } from '~/parts/pantry';
import { Area, Button, IconButton, Notice, Problem } from '~/ui';

type Entry = Schemas['PantryEntryOut'];

/** Add what somebody writes as they think of it, one thing a line; what has several meanings is asked about. */
export function AddByText() {
  const [text, setText] = useDraft('pantry', '');
  const [open, setOpen] = useState<Entry[]>([]);
  const { submit, busy, error, about } = useSubmit(async () => {
    if (!text.trim()) return;
    const { results } = await unwrap(api.POST('/v1/pantry', { body: { text: text.normalize('NFC') } }));
    // What is typed while this is sent stays.
    setText((now) => (now === text ? '' : now));
    setOpen(results.filter((one) => one.status !== 'added'));
    const added = results.flatMap((one) => (one.item ? [one.item.ingredient.name] : []));
    const unread = results.flatMap((one) =>
      one.item && one.unread_date ? [`${one.text} (${one.unread_date})`] : [],
    );
    const said = added.length ? [t('pantry.added', { names: added.join(', ') })] : [];
    if (unread.length) said.push(t('pantry.unread_date', { dates: unread.join(', ') }));
    if (said.length) toast(said.join(' · '));
    await refreshPantry();
  });
  const answered = (entry: Entry) => setOpen((before) => before.filter((one) => one !== entry));
  return (
    <form class="card stack-s" onSubmit={submit}>
      <Area
        label={t('pantry.add')}
        hint={t('pantry.add_hint')}
        placeholder={t('pantry.placeholder')}
        value={text}
        onText={setText}
        maxLength={2000}
        rows={2}
        error={about('text')}
      />
      {error != null && !about('text') && <Problem error={error} />}
      {open.map((entry) => (
        <Question key={entry.text} entry={entry} onAnswered={() => answered(entry)} />
      ))}
      <div>
        <Button kind="primary" type="submit" busy={busy} disabled={!text.trim()}>
          {t('common.add')}
        </Button>
      </div>
    </form>
  );
}

/** One thing that was not added: which food it is, or that nobody knows it. Its amount, date and place are kept. */
function Question({ entry, onAnswered }: { entry: Entry; onAnswered: () => void }) {
  const add = useSubmit(async (ingredient: string) => {
    await unwrap(
      api.POST('/v1/pantry/{ingredient_id}/lots', {
        params: { path: { ingredient_id: ingredient } },
        body: entry.lot,
      }),
    );
    await refreshPantry();
    onAnswered();
  });
  const question = entry.suggestions.length ? 'fridge.which' : 'pantry.unknown';
  return (
    <Notice kind="warn">
      <div class="row-between">
        <p class="grow">{t(question, { name: entry.text })}</p>
        <IconButton label={t('pantry.leave_out', { name: entry.text })} onClick={onAnswered}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <div class="chips">
        {entry.suggestions.map((one) => (
          <button key={one.id} type="button" class="chip" onClick={() => void add.run(one.id)}>
            {one.name}
          </button>
        ))}
      </div>
      {add.error != null && <Problem error={add.error} />}
    </Notice>
  );
}
