import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { titleOf } from '~/parts/titles';
import { Input, Problem } from '~/ui';

const SHORTEST = 2;
const MOST = 5;

interface Props {
  busy: boolean;
  error: unknown;
  onChoose: (recipe: string) => void;
}

/** A dish of the catalogue for a meal, found by its name. */
export function DishChooser({ busy, error, onChoose }: Props) {
  const [text, setText] = useState('');
  const q = text.trim();
  const { data } = useQuery({
    queryKey: ['recipes', 'for-a-meal', q],
    queryFn: () => unwrap(api.GET('/v1/recipes', { params: { query: { q, limit: MOST } } })),
    enabled: q.length >= SHORTEST,
  });
  return (
    <div class="stack-s">
      <Input label={t('plan.dish')} type="search" value={text} onText={setText} maxLength={100} />
      {error != null && <Problem error={error} />}
      {q.length >= SHORTEST && data && (
        <ul class="chips" aria-label={t('plan.dishes')}>
          {data.items.map((recipe) => (
            <li key={recipe.id}>
              <button type="button" class="chip" disabled={busy} onClick={() => onChoose(recipe.id)}>
                {titleOf(recipe)}
              </button>
            </li>
          ))}
          {!data.items.length && <li class="soft">{t('search.nothing')}</li>}
        </ul>
      )}
    </div>
  );
}
