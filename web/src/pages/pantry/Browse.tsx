import { Check, Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { usePages } from '~/api/queries';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';
import { refreshPantry } from '~/parts/pantry';
import { choices, More, Problem, Select, Skeletons } from '~/ui';

type Food = Schemas['IngredientOut'];
const CATEGORIES: Food['category'][] = [
  'vegetable',
  'meat',
  'seafood',
  'fruit',
  'dairy',
  'grain',
  'legume',
  'nut',
  'spice',
  'processed',
  'beverage',
  'prepared',
];

/** The list of foods by category: each is put into the pantry with one tap. */
export function Browse() {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('pantry.browse')}</summary>
      {isOpen && <Foods />}
    </details>
  );
}

function Foods() {
  const [category, setCategory] = useState<string>('vegetable');
  const [added, setAdded] = useState<readonly string[]>([]);
  const list = usePages<Food>(['foods', category], (cursor) =>
    unwrap(
      api.GET('/v1/ingredients', {
        params: { query: { category: category as Food['category'], cursor, limit: 40 } },
      }),
    ),
  );
  const add = async (food: Food) => {
    setAdded((before) => [...before, food.id]);
    try {
      const params = { path: { ingredient_id: food.id } };
      await unwrap(api.POST('/v1/pantry/{ingredient_id}/lots', { params, body: {} }));
      toast(t('pantry.added', { names: food.name }));
      await refreshPantry();
    } catch (error) {
      setAdded((before) => before.filter((one) => one !== food.id));
      toast(error instanceof ApiError ? error.sentence() : t('problem.unexpected'));
    }
  };
  return (
    <div class="stack-s">
      <p class="hint">{t('pantry.browse_hint')}</p>
      <Select
        label={t('pantry.category')}
        value={category}
        onText={setCategory}
        options={choices(CATEGORIES, 'category')}
      />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons count={1} height="8rem" />}
      <ul class="chips" aria-label={t('pantry.browse')}>
        {list.items.map((food) => {
          const isAdded = added.includes(food.id);
          const Icon = isAdded ? Check : Plus;
          return (
            <li key={food.id}>
              <button
                type="button"
                class={`chip ${isAdded ? 'good' : ''}`}
                disabled={isAdded}
                onClick={() => void add(food)}
              >
                <Icon size={16} aria-hidden="true" /> {food.name}
              </button>
            </li>
          );
        })}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </div>
  );
}
