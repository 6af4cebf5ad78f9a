import { MessageCircle, Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { ago, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Reactions } from '~/parts/Reactions';
import { ReportButton } from '~/parts/ReportButton';
import { Text } from '~/parts/Text';
import { Area, Avatar, Choice, Dialog, IconButton } from '~/ui';
import { ConfirmButton } from '~/ui/ConfirmButton';
import { Send } from '~/ui/Send';

export type Post = Schemas['PostOut'];
export const AUDIENCES = ['public', 'friends', 'private'] as const;

/** A post in a list or on its own page. */
export function PostCard({ post, onGone, isOpen }: { post: Post; onGone?: () => void; isOpen?: boolean }) {
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/v1/users/me')) });
  const isMine = me?.id === post.author.id;
  const path = { params: { path: { post_id: post.id } } };
  return (
    <article class="card stack-s">
      <header class="row">
        <Avatar person={post.author} />
        <div class="grow">
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
        <a class="button" href={`/recipes/${post.recipe.id}`}>
          🍲 {post.recipe.title}
        </a>
      )}
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
        body: { content: content.trim(), visibility },
      }),
    );
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['feed'] }),
      queries.invalidateQueries({ queryKey: ['post', post.id] }),
      queries.invalidateQueries({ queryKey: ['person', post.author.id] }),
    ]);
    onDone();
  });
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
