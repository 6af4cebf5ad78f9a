import { BadgeCheck, ThumbsDown } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { toast } from '~/lib/toasts';
import { ALLERGENS } from '~/parts/food';
import { useNames } from '~/parts/names';
import { RecipeCard } from '~/parts/RecipeCard';
import { SaveButton } from '~/parts/SaveButton';
import { titleOf } from '~/parts/titles';
import { Button, Empty, Notice, Problem, Skeletons } from '~/ui';
import { useGradually } from '~/ui/Gradually';

type Suggestion = Schemas['SuggestionOut'];
type Suggested = Schemas['SuggestedOut'];
/** Cards drawn in one go: as many as a phone shows. */
const AT_ONCE = 1;

/** The answer: the catalogue's recipes at once, generated ones as they come. */
export default function Answer({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['suggestion', id],
    queryFn: () => load(id, 0),
    staleTime: 0,
  });
  useEffect(() => {
    if (data?.status !== 'generating') return;
    let stopped = false;
    void load(id, 10)
      .then((next) => !stopped && queries.setQueryData(['suggestion', id], next))
      .catch(() => undefined);
    return () => {
      stopped = true;
    };
  }, [id, data]);
  if (error && !data)
    return (
      <Page title={t('answer.title')}>
        <Problem error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title={t('answer.title')}>
        <Skeletons height="16rem" />
      </Page>
    );
  return <Found suggestion={data} />;
}

const load = (id: string, wait: number): Promise<Suggestion> =>
  unwrap(
    api.GET('/v1/suggestions/{suggestion_id}', { params: { path: { suggestion_id: id }, query: { wait } } }),
  );

function Found({ suggestion }: { suggestion: Suggestion }) {
  const [rejected, setRejected] = useState<string[]>([]);
  const recipes = suggestion.recipes.filter((one) => !rejected.includes(one.recipe.id));
  const shown = useGradually(recipes, AT_ONCE);
  const allergies = useAllergies();
  const reject = async (recipe: Suggested['recipe']) => {
    setRejected((before) => [...before, recipe.id]);
    try {
      await unwrap(
        api.POST('/v1/suggestions/{suggestion_id}/feedback', {
          params: { path: { suggestion_id: suggestion.id } },
          body: { recipe_id: recipe.id, accepted: false },
        }),
      );
      toast(t('answer.rejected', { title: titleOf(recipe) }));
    } catch (error) {
      setRejected((before) => before.filter((one) => one !== recipe.id));
      toast(error instanceof ApiError ? error.sentence() : t('problem.unexpected'));
    }
  };
  return (
    <Page
      title={t('answer.title')}
      lead={t('answer.lead', { count: recipes.length })}
      aside={
        <a class="button" href="/">
          {t('answer.change')}
        </a>
      }
    >
      {suggestion.warnings.map((warning) => (
        <Notice key={warning.code + warning.input} kind="warn">
          {warning.message}
        </Notice>
      ))}
      {recipes.length > 0 && (
        <>
          <h2 class="visually-hidden">{t('search.results')}</h2>
          <ul class="grid">
            {shown.map((one) => (
              <li key={one.recipe.id}>
                <Answered suggested={one} allergies={allergies} onReject={() => void reject(one.recipe)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {suggestion.status === 'generating' && (
        <div role="status" class="stack">
          <p class="soft row">
            <span class="spinner" aria-hidden="true" /> {t('answer.generating')}
          </p>
          <Skeletons count={1} height="16rem" />
        </div>
      )}
      {!recipes.length && suggestion.status === 'complete' && (
        <Empty title={t('answer.nothing')}>
          <p class="soft">{t('answer.nothing_lead')}</p>
          <a class="button primary" href="/">
            {t('answer.change')}
          </a>
        </Empty>
      )}
    </Page>
  );
}

interface AnsweredProps {
  suggested: Suggested;
  allergies: readonly string[];
  onReject: () => void;
}

function Answered({ suggested, allergies, onReject }: AnsweredProps) {
  const { recipe, match, source } = suggested;
  const names = useNames([
    ...match.missing,
    ...match.short.map((one) => one.ingredient),
    ...match.substitutes.flatMap((one) => [one.ingredient, one.by]),
  ]);
  const missing = names.slice(0, match.missing.length);
  const short = names.slice(missing.length, missing.length + match.short.length);
  const replaced = names.slice(missing.length + short.length);
  return (
    <RecipeCard
      recipe={recipe}
      actions={
        <>
          <SaveButton recipeId={recipe.id} title={titleOf(recipe)} />
          <Button kind="quiet" onClick={onReject}>
            <ThumbsDown size={18} aria-hidden="true" /> {t('answer.not_this')}
          </Button>
        </>
      }
    >
      {match.why && <p>{match.why}</p>}
      {missing.length > 0 && <p class="chip warn">{t('answer.missing', { names: missing.join(', ') })}</p>}
      {match.missing.length + match.short.length === 0 && <p class="chip good">{t('answer.all_here')}</p>}
      {short.length > 0 && <p class="small">{t('answer.short', { names: short.join(', ') })}</p>}
      {match.substitutes.map((one, index) => (
        <p key={one.ingredient} class="small">
          {t('answer.substitute', { wanted: replaced[2 * index] ?? '', used: replaced[2 * index + 1] ?? '' })}
        </p>
      ))}
      {match.warnings.map((warning) => (
        <Notice key={warning} kind="warn">
          {warning}
        </Notice>
      ))}
      <Safe allergies={allergies} allergens={recipe.allergens} />
      {source !== 'catalogue' && (
        <p class="small soft">{t(source === 'ai' ? 'answer.by_ai' : 'answer.by_rules')}</p>
      )}
    </RecipeCard>
  );
}

/** The regulated allergens that one must not get. */
function useAllergies(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['preferences'],
    queryFn: () => unwrap(api.GET('/v1/users/me/preferences')),
  });
  return (data?.allergies ?? []).filter((one) => ALLERGENS.includes(one as never));
}

/** Why the recipe is safe: which of one's allergies it was checked for. */
function Safe({ allergies, allergens }: { allergies: readonly string[]; allergens: readonly string[] }) {
  const mine = allergies.filter((one) => !allergens.includes(one));
  if (!mine.length) return null;
  return (
    <p class="small safe">
      <BadgeCheck size={18} aria-hidden="true" />
      <span>{t('answer.safe', { names: mine.map((one) => t(`allergen.${one}` as never)).join(', ') })}</span>
    </p>
  );
}
