import { Tags as TagsIcon } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { tagName } from '~/parts/tags';
import { Choice, Dialog, IconButton, Problem, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';

type Recipe = Schemas['RecipeOut'];
type Tag = Schemas['TagsEnum'];
const KINDS: Schemas['TagKindEnum'][] = ['cuisine', 'method', 'meal', 'diet', 'season', 'occasion', 'time'];

const useTags = (id: string) =>
  useQuery({
    queryKey: ['recipe', id, 'tags'],
    queryFn: () => unwrap(api.GET('/v1/recipes/{recipe_id}/tags', { params: { path: { recipe_id: id } } })),
  });

/** What a recipe is: its known tags lead to others like it, its own words to a search. The owner may correct them. */
export function Tags({ recipe, isMine }: { recipe: Recipe; isMine: boolean }) {
  const { data } = useTags(recipe.id);
  const [isEditing, setEditing] = useState(false);
  const known = data?.tags ?? [];
  if (!recipe.tags.length && !known.length && !isMine) return null;
  return (
    <div class="row no-print">
      {known.map((tag) => (
        <a key={tag.name} class="chip" href={`/recipes?tag=${tag.name}`}>
          {tagName(tag.name)}
        </a>
      ))}
      {recipe.tags.map((tag) => (
        <a key={tag} class="chip" href={`/recipes?q=${encodeURIComponent(tag)}`}>
          {tag}
        </a>
      ))}
      {isMine && data && (
        <IconButton label={t('tags.correct')} onClick={() => setEditing(true)}>
          <TagsIcon size={20} aria-hidden="true" />
        </IconButton>
      )}
      <Dialog title={t('tags.correct')} open={isEditing} onClose={() => setEditing(false)}>
        <Correct id={recipe.id} chosen={known.map((tag) => tag.name)} onDone={() => setEditing(false)} />
      </Dialog>
    </div>
  );
}

function Correct({ id, chosen, onDone }: { id: string; chosen: string[]; onDone: () => void }) {
  const [tags, setTags] = useState(chosen);
  const { data, error, refetch } = useQuery({
    queryKey: ['tags'],
    queryFn: () => unwrap(api.GET('/v1/tags')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useSubmit(async () => {
    const path = { params: { path: { recipe_id: id } } };
    await unwrap(api.PUT('/v1/recipes/{recipe_id}/tags', { ...path, body: { tags: tags as Tag[] } }));
    await queries.invalidateQueries({ queryKey: ['recipe', id] });
  }, onDone);
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeletons height="4rem" />;
  return (
    <form class="stack" onSubmit={save.submit}>
      {KINDS.map((kind) => (
        <Choice
          key={kind}
          legend={t(`tags.${kind}`)}
          options={data.items
            .filter((tag) => tag.kind === kind)
            .map(({ name }) => ({ value: name, label: tagName(name) }))}
          chosen={tags}
          onChange={setTags}
        />
      ))}
      <Send busy={save.busy} error={save.error} onCancel={onDone} />
    </form>
  );
}
