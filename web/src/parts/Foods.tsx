import { X } from 'lucide-preact';
import { useId, useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { Completion } from '~/parts/Fridge';
import { useNames } from '~/parts/names';
import { Button, IconButton, Notice, Problem } from '~/ui';

interface Props {
  legend: string;
  /** What stands in the field, and is its name. */
  label: string;
  ids: string[];
  onAdd: (id: string) => void;
  onRemove: (id: string) => void;
}

/** Foods by name: what may mean several is asked about, so that none is taken for another. */
export function Foods({ legend, label, ids, onAdd, onRemove }: Props) {
  const field = useId();
  const names = useNames(ids);
  const [name, setName] = useState('');
  const [offers, setOffers] = useState<{ id: string; name: string }[] | null>(null);
  const take = (id: string) => {
    onAdd(id);
    setName('');
    setOffers(null);
  };
  const look = useSubmit(async (typed: string) => {
    if (!typed.trim()) return;
    const { results } = await unwrap(
      api.POST('/v1/ingredients/validate', { body: { ingredients: [typed.trim()] } }),
    );
    const match = results[0];
    // A wrong allergy protects nobody.
    if (match?.ingredient && match.status === 'exact') take(match.ingredient.id);
    else setOffers(match?.ingredient ? [match.ingredient, ...match.suggestions] : (match?.suggestions ?? []));
  });
  return (
    <fieldset class="stack-s">
      <legend class="legend">{legend}</legend>
      {ids.length > 0 && (
        <ul class="chips" aria-label={legend}>
          {ids.map((id, index) => (
            <li key={id} class="chip on">
              {names[index]}
              <IconButton
                label={t('fridge.remove', { name: names[index] ?? '' })}
                onClick={() => onRemove(id)}
              >
                <X size={16} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <div class="grow">
          <label class="visually-hidden" for={field}>
            {label}
          </label>
          <Completion
            id={field}
            value={name}
            onText={setName}
            onChoose={(chosen) => {
              setName(chosen);
              void look.run(chosen);
            }}
            placeholder={label}
          />
        </div>
        <Button busy={look.busy} onClick={() => void look.run(name)}>
          {t('common.add')}
        </Button>
      </div>
      {offers && (
        <Notice kind="warn">
          <p>{t(offers.length ? 'fridge.which' : 'settings.food_unknown', { name })}</p>
          <div class="chips">
            {offers.map((one) => (
              <button key={one.id} type="button" class="chip" onClick={() => take(one.id)}>
                {one.name}
              </button>
            ))}
          </div>
        </Notice>
      )}
      {look.error != null && <Problem error={look.error} />}
    </fieldset>
  );
}
