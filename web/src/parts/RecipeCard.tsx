import { Clock, Star, Users } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { Schemas } from '~/api/client';
import { duration, number, t } from '~/i18n';
import { Plate } from '~/ui';
import { titleOf } from './titles';

export interface Card {
  id: string;
  title: string;
  translated_title?: string | null;
  language?: string;
  image?: { 256: string; 1024: string } | null;
  minutes?: number | null;
  prep_minutes?: number | null;
  cook_minutes?: number | null;
  servings?: number;
  approval?: Schemas['ApprovalEnum'];
  in_catalogue?: boolean;
  rating?: { average: number | null; count: number };
}

export const minutesOf = (recipe: Card): number | null =>
  recipe.minutes ??
  (recipe.prep_minutes == null && recipe.cook_minutes == null
    ? null
    : (recipe.prep_minutes ?? 0) + (recipe.cook_minutes ?? 0));

/** A recipe in a list; the whole card is its link. */
export function RecipeCard({
  recipe,
  children,
  actions,
}: {
  recipe: Card;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <article class="card flush dish">
      <div class="dish-picture">
        <Picture recipe={recipe} />
      </div>
      <div class="dish-body">
        <h3>
          <a href={`/recipes/${recipe.id}`}>{titleOf(recipe)}</a>
        </h3>
        <Meta recipe={recipe} />
        {children}
        {actions && <div class="row">{actions}</div>}
      </div>
    </article>
  );
}

export function Picture({ recipe, large }: { recipe: Card; large?: boolean }) {
  if (!recipe.image) return <Plate seed={recipe.title} />;
  return (
    <img
      src={recipe.image[large ? 1024 : 256]}
      alt=""
      loading={large ? 'eager' : 'lazy'}
      decoding="async"
      width={large ? 1024 : 256}
      height={large ? 576 : 144}
    />
  );
}

export function Meta({ recipe }: { recipe: Card }) {
  const minutes = minutesOf(recipe);
  const average = recipe.rating?.average;
  return (
    <p class="meta nums">
      {minutes != null && (
        <span>
          <Clock size={16} aria-hidden="true" /> {duration(minutes)}
        </span>
      )}
      {recipe.servings != null && (
        <span>
          <Users size={16} aria-hidden="true" /> {t('recipe.servings', { count: recipe.servings })}
        </span>
      )}
      {average != null && (
        <span>
          <Star size={16} aria-hidden="true" /> {number(average, 1)}{' '}
          <span class="visually-hidden">{t('rating.of', { count: recipe.rating?.count ?? 0 })}</span>
        </span>
      )}
    </p>
  );
}
