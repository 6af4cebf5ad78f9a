/** What is in the fridge, as chips: completed while typing, checked at once, ambiguity shown as a choice. */
import { signal } from '@preact/signals';
import { Plus, X } from 'lucide-preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { readDraft } from '~/lib/drafts';
import { Button, IconButton } from '~/ui';

export type Match = Schemas['MatchOut'];

export interface Item {
  text: string;
  match?: Match;
}

const MOST = 20;
export const fridge = signal<Item[]>(readDraft<Item[]>('fridge') ?? []);
fridge.subscribe((items) => localStorage.setItem('draft:fridge', JSON.stringify(items)));

/** "2 eggs, rice; tomatoes" are three things. */
export const split = (text: string): string[] =>
  text
    .normalize('NFC')
    .split(/[,;\n]|(?:\s+và\s+)|(?:\s+and\s+)/iu)
    .map((part) => part.trim().slice(0, 100))
    .filter(Boolean);

export function add(text: string): void {
  const known = new Set(fridge.value.map((item) => item.text.toLowerCase()));
  const fresh = split(text).filter((part) => !known.has(part.toLowerCase()));
  if (fresh.length) fridge.value = [...fridge.value, ...fresh.map((part) => ({ text: part }))].slice(0, MOST);
  void understand();
}

function replace(from: Item, text: string): void {
  fridge.value = fridge.value.map((item) => (item === from ? { text } : item));
  void understand();
}

function remove(gone: Item): void {
  fridge.value = fridge.value.filter((item) => item !== gone);
}

/** Ask what the chips mean that have not been asked about; without a network they stay as they were typed. */
export async function understand(): Promise<void> {
  const open = fridge.value.filter((item) => !item.match);
  if (!open.length) return;
  const answer = await unwrap(
    api.POST('/v1/ingredients/validate', { body: { ingredients: open.map((item) => item.text) } }),
  ).catch(() => null);
  if (!answer) return;
  // In the order of the question: the answer spells an input that came in decomposed letters in composed ones.
  const found = new Map(open.map((item, index) => [item.text, answer.results[index]]));
  fridge.value = fridge.value.map((item) => ({ ...item, match: item.match ?? found.get(item.text) }));
}

export function Fridge() {
  return (
    <div class="stack">
      <Adder />
      {fridge.value.length > 0 && (
        <ul class="chips" aria-label={t('fridge.chosen')}>
          {fridge.value.map((item) => (
            <FridgeChip key={item.text} item={item} />
          ))}
        </ul>
      )}
      {fridge.value.map((item) => (
        <Doubt key={item.text} item={item} />
      ))}
    </div>
  );
}

function FridgeChip({ item }: { item: Item }) {
  const status = item.match?.status;
  const kind =
    status === 'exact' ? 'good' : status === 'unknown' || status === 'invalid' ? 'bad' : status ? 'warn' : '';
  return (
    <li class={`chip ${kind}`}>
      <span>{item.text}</span>
      {status === 'corrected' && item.match?.ingredient && <span>→ {item.match.ingredient.name}</span>}
      <IconButton label={t('fridge.remove', { name: item.text })} onClick={() => remove(item)}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </li>
  );
}

/** The question that a chip leaves open: which of several foods, another spelling, or nothing that is known. */
function Doubt({ item }: { item: Item }) {
  const match = item.match;
  if (!match || match.status === 'exact' || match.status === 'corrected') return null;
  const question =
    match.status === 'ambiguous'
      ? 'fridge.which'
      : match.suggestions.length
        ? 'fridge.did_you_mean'
        : 'fridge.unknown';
  return (
    <fieldset class="notice warn" aria-label={item.text}>
      <div class="stack-s">
        <p>{t(question, { name: item.text })}</p>
        {match.suggestions.length > 0 && (
          <div class="chips">
            {match.suggestions.map((one) => (
              <button key={one.id} type="button" class="chip" onClick={() => replace(item, one.name)}>
                {one.name}
              </button>
            ))}
          </div>
        )}
      </div>
    </fieldset>
  );
}

function Adder() {
  const id = useId();
  const [text, setText] = useState('');
  const take = (value: string) => {
    if (!value.trim()) return;
    add(value);
    setText('');
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        take(text);
      }}
    >
      <div class="grow">
        <label class="visually-hidden" for={id}>
          {t('fridge.add')}
        </label>
        <Completion
          id={id}
          value={text}
          onText={setText}
          onChoose={take}
          placeholder={t('fridge.placeholder')}
        />
      </div>
      <Button type="submit" kind="primary" aria-label={t('fridge.add')}>
        <Plus size={20} aria-hidden="true" />
      </Button>
    </form>
  );
}

interface CompletionProps {
  id: string;
  value: string;
  onText: (text: string) => void;
  onChoose: (name: string) => void;
  placeholder?: string;
  invalid?: boolean;
}

const PAUSE = 150;

/** A text field that offers ingredients of the master list (the ARIA combobox pattern). */
export function Completion({ id, value, onText, onChoose, placeholder, invalid }: CompletionProps) {
  const [options, setOptions] = useState<Schemas['IngredientOut'][]>([]);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const asked = useRef(0);
  const last =
    value
      .split(/[,;\n]/)
      .at(-1)
      ?.trim() ?? '';
  useEffect(() => {
    const mine = ++asked.current;
    if (last.length < 2 || !open) {
      setOptions([]);
      return;
    }
    const timer = setTimeout(async () => {
      const found = await unwrap(
        api.GET('/v1/ingredients', { params: { query: { q: last, limit: 6 } } }),
      ).catch(() => null);
      if (mine === asked.current) {
        setOptions(found?.items ?? []);
        setActive(-1);
      }
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [last, open]);
  const choose = (name: string) => {
    setOpen(false);
    setActive(-1);
    onChoose(name);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!options.length) return;
      event.preventDefault();
      setActive(
        (at) => (at + (event.key === 'ArrowDown' ? 1 : options.length + (at < 0 ? 0 : -1))) % options.length,
      );
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      const chosen = options[active];
      if (chosen) choose(chosen.name);
    } else if (event.key === 'Escape') setOpen(false);
  };
  const isShown = open && options.length > 0;
  return (
    <div class="combo">
      <input
        id={id}
        class="input"
        value={value}
        placeholder={placeholder}
        autocomplete="off"
        autocapitalize="none"
        enterkeyhint="done"
        maxLength={500}
        role="combobox"
        aria-expanded={isShown}
        aria-controls={`${id}-options`}
        aria-autocomplete="list"
        aria-invalid={invalid}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        onInput={(event) => {
          setOpen(true);
          // What was chosen with the keys was an answer to what stood here before.
          setActive(-1);
          onText(event.currentTarget.value);
        }}
        onKeyDown={onKey}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
      />
      {isShown && (
        <div class="options" id={`${id}-options`} role="listbox" aria-label={t('fridge.offers')}>
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, as the combobox pattern asks
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input
            <div
              key={option.id}
              id={`${id}-${index}`}
              class="option"
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(option.name)}
            >
              <span>{option.name}</span>
              <span class="soft small">
                {option.name === option.name_vi ? option.name_en : option.name_vi}
              </span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
