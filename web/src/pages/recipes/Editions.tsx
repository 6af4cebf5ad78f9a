/** The two editions of an approved recipe whose owner has written another text: what they see of each, and give up. */
import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { t } from '~/i18n';
import { toast } from '~/lib/toasts';
import type { Card } from '~/parts/RecipeCard';
import { Notice } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';

type Recipe = Schemas['RecipeOut'];

/** Is this a text beside the one that everybody sees? */
export const isWaiting = (recipe: Pick<Card, 'approval' | 'in_catalogue'>): boolean =>
  Boolean(recipe.in_catalogue) && recipe.approval !== 'approved';

/** On the card of one's own recipe: who sees it, and what becomes of a text that was written later. */
export function Standing({ recipe }: { recipe: Card }) {
  if (!recipe.approval) return null;
  const isBad = recipe.approval === 'rejected';
  if (isWaiting(recipe))
    return (
      <p>
        <span class={`chip ${isBad ? 'bad' : 'warn'}`}>
          {t(isBad ? 'edition.refused' : 'edition.waiting')}
        </span>
      </p>
    );
  return <p class={`small ${isBad ? 'error' : 'soft'}`}>{t(`approval.${recipe.approval}`)}</p>;
}

export function WaitingEdition({ recipe }: { recipe: Recipe }) {
  if (!isWaiting(recipe)) return null;
  const giveUp = async () => {
    const params = { params: { path: { recipe_id: recipe.id } } };
    await unwrap(api.DELETE('/v1/recipes/{recipe_id}/edition', params));
    await queries.invalidateQueries({ queryKey: ['recipe', recipe.id] });
    await queries.invalidateQueries({ queryKey: ['my-recipes'] });
    toast(t('edition.given_up'));
  };
  return (
    <Notice kind="warn">
      <div class="stack-s no-print">
        <p>{t(recipe.approval === 'rejected' ? 'edition.rejected' : 'edition.waits')}</p>
        <div class="row">
          <a class="button" href={`/recipes/${recipe.id}?edition=approved`}>
            {t('edition.see_approved')}
          </a>
          <ConfirmButton
            label={t('edition.give_up')}
            question={t('edition.give_up_sure')}
            act={t('edition.give_up')}
            onConfirm={giveUp}
          />
        </div>
      </div>
    </Notice>
  );
}

export function ApprovedEdition({ recipe }: { recipe: Recipe }) {
  return (
    <Notice>
      <div class="stack-s no-print">
        <p>{t('edition.approved')}</p>
        <div>
          <a class="button" href={`/recipes/${recipe.id}`}>
            {t('edition.see_latest')}
          </a>
        </div>
      </div>
    </Notice>
  );
}
