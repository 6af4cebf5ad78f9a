import { MessageCircle, Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { myId } from '~/api/session';
import { ago, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Reactions } from '~/parts/Reactions';
import { ReportButton } from '~/parts/ReportButton';
import { Text } from '~/parts/Text';
import { titleOf } from '~/parts/titles';
import { Area, Avatar, Button, Choice, Dialog, IconButton, Notice, Problem } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';
import { Send } from '~/ui/Send';

export type Post = Schemas['PostOut'];
export const AUDIENCES = ['public', 'friends', 'private'] as const;

/** A post in a list or on its own page. */
export function PostCard({ post, onGone, isOpen }: { post: Post; onGone?: () => void; isOpen?: boolean }) {
  const isMine = myId.value === post.author.id;
  const path = { params: { path: { post_id: post.id } } };
  return (
    <article class="card stack-s">
      <header class="row">
        <Avatar person={post.author} />
        <div class="grow byline">
          <a href={`/people/${post.author.id}`}>
            <strong>@{post.author.username}</strong>
          </a>
          <p class="small soft">
            <a class="soft" href={`/posts/${post.id}`}>
              {ago(post.created_at)}
            </a>{' '}
            · {t(`audience.${post.visibility}`)}
          </p>
        </div>
        {isMine ? <Own post={post} onGone={onGone} /> : <ReportButton type="post" id={post.id} />}
      </header>
      <Text text={post.content} />
      {post.images.length > 0 && (
        <div class={`pictures ${post.images.length > 1 ? 'many' : ''}`}>
          {post.images.map((image, index) => (
            <img
              key={image[256]}
              src={image[post.images.length > 1 ? 256 : 1024]}
              alt={t('post.picture', { at: index + 1 })}
              loading="lazy"
              decoding="async"
              width={512}
              height={384}
            />
          ))}
        </div>
      )}
      {post.recipe && (
        <RecipeLink post={post} id={post.recipe.id} title={titleOf(post.recipe)} isMine={isMine} />
      )}
      {isMine && post.recipe_hint && <Hint post={post} hint={post.recipe_hint} />}
      <footer class="row-between">
        <Reactions
          mine={post.my_reaction}
          counts={post.reactions}
          onChoose={(reaction) =>
            unwrap(
              reaction
                ? api.PUT('/v1/posts/{post_id}/reaction', { ...path, body: { reaction } })
                : (api.DELETE('/v1/posts/{post_id}/reaction', path) as never),
            )
          }
        />
        {!isOpen && (
          <a class="button quiet" href={`/posts/${post.id}`}>
            <MessageCircle size={20} aria-hidden="true" /> {t('post.comments', { count: post.comment_count })}
          </a>
        )}
      </footer>
    </article>
  );
}

interface RecipeLinkProps {
  post: Post;
  id: string;
  title: string;
  isMine: boolean;
}

/** The way to the dish. One that its author shares with the readers is theirs to see once they have opened it here. */
function RecipeLink({ post, id, title, isMine }: RecipeLinkProps) {
  const { route } = useLocation();
  const open = useSubmit(async () => {
    await unwrap(api.POST('/v1/posts/{post_id}/recipe', { params: { path: { post_id: post.id } } }));
    route(`/recipes/${id}`);
  });
  if (isMine || !post.recipe_shared)
    return (
      <a class="button" href={`/recipes/${id}`}>
        🍲 {title}
      </a>
    );
  return (
    <>
      <Button busy={open.busy} onClick={() => void open.submit()}>
        🍲 {title}
      </Button>
      {open.error != null && <Problem error={open.error} />}
    </>
  );
}

/** Tells the author that some readers cannot open the recipe, and lets it be shared with them. */
function Hint({ post, hint }: { post: Post; hint: NonNullable<Post['recipe_hint']> }) {
  const share = useSubmit(async () => {
    await unwrap(
      api.PATCH('/v1/posts/{post_id}', {
        params: { path: { post_id: post.id } },
        body: { share_recipe: true } as never,
      }),
    );
    await refresh(post);
  });
  return (
    <Notice kind="warn">
      <p>{hint.message}</p>
      {share.error != null && <Problem error={share.error} />}
      {hint.can_share && (
        <Button busy={share.busy} onClick={() => void share.submit()}>
          {t('post.share_recipe')}
        </Button>
      )}
    </Notice>
  );
}

const refresh = (post: Post) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['feed'] }),
    queries.invalidateQueries({ queryKey: ['post', post.id] }),
    queries.invalidateQueries({ queryKey: ['person', post.author.id] }),
  ]);

/** What the author of a post can do with it. */
function Own({ post, onGone }: { post: Post; onGone?: (() => void) | undefined }) {
  const [isEditing, setEditing] = useState(false);
  const remove = async () => {
    await unwrap(api.DELETE('/v1/posts/{post_id}', { params: { path: { post_id: post.id } } }));
    await queries.invalidateQueries({ queryKey: ['feed'] });
    toast(t('post.deleted'));
    onGone?.();
  };
  return (
    <>
      <IconButton label={t('post.edit')} onClick={() => setEditing(true)}>
        <Pencil size={20} aria-hidden="true" />
      </IconButton>
      <ConfirmButton
        label={t('post.delete')}
        question={t('post.delete_sure')}
        icon={<Trash2 size={20} aria-hidden="true" />}
        onConfirm={remove}
      />
      <Dialog title={t('post.edit')} open={isEditing} onClose={() => setEditing(false)}>
        <EditPost post={post} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function EditPost({ post, onDone }: { post: Post; onDone: () => void }) {
  const [content, setContent] = useState(post.content);
  const [visibility, setVisibility] = useState<Post['visibility']>(post.visibility);
  const { submit, busy, error, about } = useSubmit(async () => {
    await unwrap(
      api.PATCH('/v1/posts/{post_id}', {
        params: { path: { post_id: post.id } },
        // What is left out stays as it is.
        body: { content: content.trim(), visibility } as never,
      }),
    );
    await refresh(post);
  }, onDone);
  return (
    <form class="stack" onSubmit={submit}>
      <Area
        label={t('post.text')}
        value={content}
        onText={setContent}
        maxLength={5000}
        error={about('content')}
        required
      />
      <Choice
        single
        legend={t('post.who')}
        options={AUDIENCES.map((value) => ({ value, label: t(`audience.${value}`) }))}
        chosen={[visibility]}
        onChange={(chosen) => setVisibility((chosen[0] as Post['visibility'] | undefined) ?? visibility)}
      />
      <Send busy={busy} error={error} disabled={!content.trim()} onCancel={onDone} />
    </form>
  );
}
