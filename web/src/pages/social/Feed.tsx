import { ImagePlus, X } from 'lucide-preact';
import { useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { upload } from '~/lib/pictures';
import { toast } from '~/lib/toasts';
import { type Post, PostCard } from '~/parts/PostCard';
import { titleOf } from '~/parts/titles';
import { Button, Check, Choice, Empty, IconButton, More, Notice, Problem, Skeletons } from '~/ui';
import { Gradually } from '~/ui/Gradually';

const SCOPES = ['all', 'friends', 'public'] as const;
const MOST_PICTURES = 10;
/** Posts drawn in one go: as many as a phone shows below the form. */
const AT_ONCE = 2;

export default function Feed() {
  const { query, route } = useLocation();
  const scope = SCOPES.find((one) => one === query.scope) ?? 'all';
  const list = usePages<Post>(['feed', scope], (cursor) =>
    unwrap(
      api.GET('/v1/feed', {
        params: { query: { cursor, limit: 20, scope: scope === 'all' ? undefined : scope } as never },
      }),
    ),
  );
  return (
    <Page title={t('nav.feed')} reading>
      <Composer recipeId={query.recipe} onDone={() => query.recipe && route('/feed', true)} />
      <nav class="tabs" aria-label={t('feed.scope')}>
        {SCOPES.map((one) => (
          <a
            key={one}
            class={`chip ${one === scope ? 'on' : ''}`}
            aria-current={one === scope ? 'page' : undefined}
            href={one === 'all' ? '/feed' : `/feed?scope=${one}`}
          >
            {t(`feed.${one}`)}
          </a>
        ))}
      </nav>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('feed.empty')}>
          <a class="button primary" href="/friends">
            {t('friends.find')}
          </a>
        </Empty>
      )}
      <div class="stack">
        <Gradually
          items={list.items}
          first={AT_ONCE}
          draw={(post) => (
            <div key={post.id} class="virtual">
              <PostCard post={post} />
            </div>
          )}
        >
          <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
        </Gradually>
      </div>
    </Page>
  );
}

interface Draft {
  content: string;
  visibility: Schemas['AudienceEnum'];
  images: { id: string; preview: string }[];
  /** Share the recipe with readers who could not open it; drafts of older versions do not say. */
  sharesRecipe?: boolean;
}

const EMPTY: Draft = { content: '', visibility: 'friends', images: [] };

function Composer({ recipeId, onDone }: { recipeId?: string; onDone: () => void }) {
  const id = useId();
  const [draft, setDraft] = useDraft<Draft>('post', EMPTY);
  const [progress, setProgress] = useState<number | null>(null);
  const { data: recipe } = useQuery({
    queryKey: ['recipe', recipeId],
    queryFn: () =>
      unwrap(api.GET('/v1/recipes/{recipe_id}', { params: { path: { recipe_id: recipeId ?? '' } } })),
    enabled: Boolean(recipeId),
  });
  const { data: audience } = useQuery({
    queryKey: ['recipe', recipeId, 'audience'],
    queryFn: () =>
      unwrap(
        api.GET('/v1/recipes/{recipe_id}/audience', { params: { path: { recipe_id: recipeId ?? '' } } }),
      ),
    enabled: Boolean(recipeId),
  });
  const hint = recipeId ? audience?.[draft.visibility] : null;
  const send = useSubmit(async () => {
    await unwrap(
      api.POST('/v1/posts', {
        body: {
          content: draft.content.trim(),
          visibility: draft.visibility,
          images: draft.images.map((image) => image.id),
          recipe_id: recipeId ?? null,
          share_recipe: Boolean(hint?.can_share && draft.sharesRecipe),
        },
      }),
    );
    // What is typed while this one is sent stays.
    setDraft((now) => (now === draft ? EMPTY : now));
    toast(t('post.sent'));
    await queries.invalidateQueries({ queryKey: ['feed'] });
    onDone();
  });
  const attach = useSubmit(async () => undefined);
  const pick = async (files: FileList | null) => {
    for (const file of [...(files ?? [])].slice(0, MOST_PICTURES - draft.images.length)) {
      try {
        setProgress(0);
        const image = { id: await upload(file, 'post', setProgress), preview: URL.createObjectURL(file) };
        setDraft((before) => ({ ...before, images: [...before.images, image] }));
      } catch {
        toast(t('post.picture_refused', { name: file.name }));
      } finally {
        setProgress(null);
      }
    }
  };
  const sent = send.busy || progress !== null;
  return (
    <form class="card stack-s" onSubmit={send.submit}>
      <label class="visually-hidden" for={id}>
        {t('post.write')}
      </label>
      <textarea
        id={id}
        class="input"
        placeholder={t('post.placeholder')}
        maxLength={5000}
        value={draft.content}
        onInput={(event) => {
          const content = event.currentTarget.value;
          setDraft((before) => ({ ...before, content }));
        }}
      />
      {recipe && <p class="chip">🍲 {titleOf(recipe)}</p>}
      {draft.images.length > 0 && (
        <ul class="row">
          {draft.images.map((image) => (
            <li key={image.id} class="thumb">
              <img src={image.preview} alt="" width={96} height={72} />
              <IconButton
                label={t('post.remove_picture')}
                onClick={() =>
                  setDraft((before) => ({
                    ...before,
                    images: before.images.filter((one) => one.id !== image.id),
                  }))
                }
              >
                <X size={18} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {progress !== null && <progress max={1} value={progress} aria-label={t('post.uploading')} />}
      <Choice
        hideLegend
        legend={t('post.who')}
        single
        chosen={[draft.visibility]}
        onChange={(chosen) =>
          setDraft((before) => ({
            ...before,
            visibility: (chosen[0] as Draft['visibility']) ?? before.visibility,
          }))
        }
        options={(['public', 'friends', 'private'] as const).map((value) => ({
          value,
          label: t(`audience.${value}`),
        }))}
      />
      {hint && (
        <Notice kind="warn">
          <div class="stack-s">
            <p>{hint.message}</p>
            {hint.can_share && (
              <Check
                label={t('post.share_recipe')}
                checked={Boolean(draft.sharesRecipe)}
                onChange={(sharesRecipe) => setDraft((before) => ({ ...before, sharesRecipe }))}
              />
            )}
          </div>
        </Notice>
      )}
      {(send.error ?? attach.error) != null && <Problem error={send.error ?? attach.error} />}
      <div class="row-between">
        <label class="button">
          <ImagePlus size={20} aria-hidden="true" /> {t('post.add_picture')}
          <input
            class="visually-hidden"
            type="file"
            accept="image/*"
            multiple
            disabled={sent}
            onChange={(event) => void pick(event.currentTarget.files)}
          />
        </label>
        <Button kind="primary" type="submit" busy={sent} disabled={!draft.content.trim()}>
          {t('post.send')}
        </Button>
      </div>
    </form>
  );
}
