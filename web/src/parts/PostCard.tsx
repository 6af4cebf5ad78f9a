import { MessageCircle, Trash2 } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, useQuery } from '~/api/queries';
import { ago, t } from '~/i18n';
import { toast } from '~/lib/toasts';
import { ReportButton } from '~/parts/ReportButton';
import { Text } from '~/parts/Text';
import { Avatar, Button, Dialog, IconButton } from '~/ui';

export type Post = Schemas['PostOut'];
export const REACTIONS = { like: '👍', love: '❤️', wow: '😮' } as const;
type Reaction = keyof typeof REACTIONS;

/** A post in a list or on its own page. */
export function PostCard({ post, onGone, isOpen }: { post: Post; onGone?: () => void; isOpen?: boolean }) {
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/v1/users/me')) });
  const isMine = me?.id === post.author.id;
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
        {isMine ? <DeletePost post={post} onGone={onGone} /> : <ReportButton type="post" id={post.id} />}
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
        <Reactions post={post} />
        {!isOpen && (
          <a class="button quiet" href={`/posts/${post.id}`}>
            <MessageCircle size={20} aria-hidden="true" /> {t('post.comments', { count: post.comment_count })}
          </a>
        )}
      </footer>
    </article>
  );
}

function Reactions({ post }: { post: Post }) {
  const [mine, setMine] = useState<Reaction | null>((post.my_reaction as Reaction | null) ?? null);
  const [counts, setCounts] = useState(post.reactions);
  useEffect(() => {
    setMine((post.my_reaction as Reaction | null) ?? null);
    setCounts(post.reactions);
  }, [post.my_reaction, post.reactions]);
  const path = { params: { path: { post_id: post.id } } };
  const choose = async (reaction: Reaction) => {
    const before = { mine, counts };
    const next = mine === reaction ? null : reaction;
    setMine(next);
    setCounts({
      ...counts,
      ...(mine ? { [mine]: counts[mine] - 1 } : {}),
      ...(next ? { [next]: counts[next] + (next === mine ? 0 : 1) } : {}),
    });
    try {
      if (next) await unwrap(api.PUT('/v1/posts/{post_id}/reaction', { ...path, body: { reaction: next } }));
      else await unwrap(api.DELETE('/v1/posts/{post_id}/reaction', path));
    } catch {
      setMine(before.mine);
      setCounts(before.counts);
      toast(t('problem.unexpected'));
    }
  };
  return (
    <div class="row">
      {(Object.keys(REACTIONS) as Reaction[]).map((reaction) => (
        <button
          key={reaction}
          type="button"
          class={`chip ${mine === reaction ? 'on' : ''}`}
          aria-pressed={mine === reaction}
          aria-label={t(`reaction.${reaction}`, { count: counts[reaction] })}
          onClick={() => void choose(reaction)}
        >
          <span aria-hidden="true">{REACTIONS[reaction]}</span>{' '}
          <span class="nums">{counts[reaction] || ''}</span>
        </button>
      ))}
    </div>
  );
}

function DeletePost({ post, onGone }: { post: Post; onGone?: () => void }) {
  const [open, setOpen] = useState(false);
  const remove = async () => {
    setOpen(false);
    try {
      await unwrap(api.DELETE('/v1/posts/{post_id}', { params: { path: { post_id: post.id } } }));
      await queries.invalidateQueries({ queryKey: ['feed'] });
      toast(t('post.deleted'));
      onGone?.();
    } catch {
      toast(t('problem.unexpected'));
    }
  };
  return (
    <>
      <IconButton label={t('post.delete')} onClick={() => setOpen(true)}>
        <Trash2 size={20} aria-hidden="true" />
      </IconButton>
      <Dialog title={t('post.delete')} open={open} onClose={() => setOpen(false)}>
        <p>{t('post.delete_sure')}</p>
        <div class="row">
          <Button kind="danger" onClick={() => void remove()}>
            {t('common.delete')}
          </Button>
          <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
        </div>
      </Dialog>
    </>
  );
}
