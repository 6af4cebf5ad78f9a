import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { queries, usePages, useQuery } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useDraft } from '~/lib/drafts';
import { useSubmit } from '~/lib/form';
import { PostCard } from '~/parts/PostCard';
import { Button, More, Problem, Skeletons } from '~/ui';
import { Send } from '~/ui/Send';
import { type Comment, CommentLine } from './Comment';

/** How often an open post is fetched again, in ms. */
const EVERY = 10_000;

export default function PostPage({ id }: { id: string }) {
  const { route } = useLocation();
  const path = { params: { path: { post_id: id } } };
  const { data, error, refetch } = useQuery({
    queryKey: ['post', id],
    queryFn: () => unwrap(api.GET('/v1/posts/{post_id}', path)),
    refetchInterval: EVERY,
  });
  const list = usePages<Comment>(['comments', id], (cursor) =>
    unwrap(
      api.GET('/v1/posts/{post_id}/comments', {
        params: { path: { post_id: id }, query: { cursor, limit: 50 } },
      }),
    ),
  );
  const count = data?.comment_count;
  const counted = useRef(count);
  useEffect(() => {
    if (counted.current !== undefined && counted.current !== count) void list.refetch();
    counted.current = count;
  }, [count]);
  const [replyTo, setReplyTo] = useState<Comment | null>(null);
  if (error && !data)
    return (
      <Page title={t('post.title')} reading>
        <Problem error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title={t('post.title')} reading>
        <Skeletons count={2} />
      </Page>
    );
  const top = list.items.filter((comment) => !comment.parent_id);
  return (
    <Page title={t('post.by', { name: data.author.username })} reading>
      <PostCard
        key={data.updated_at + data.reaction_count}
        post={data}
        isOpen
        onGone={() => route('/feed')}
      />
      <section class="stack">
        <h2>{t('post.comments', { count: data.comment_count })}</h2>
        <ul class="stack">
          {top.map((comment) => (
            <li key={comment.id} class="stack-s">
              <CommentLine
                post={id}
                comment={comment}
                owner={data.author.id}
                onReply={() => setReplyTo(comment)}
              />
              <ul class="stack-s replies">
                {list.items
                  .filter((reply) => reply.parent_id === comment.id)
                  .map((reply) => (
                    <li key={reply.id}>
                      <CommentLine post={id} comment={reply} owner={data.author.id} />
                    </li>
                  ))}
              </ul>
            </li>
          ))}
        </ul>
        <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
        <Write
          post={id}
          replyTo={replyTo}
          onDone={() => setReplyTo((now) => (now === replyTo ? null : now))}
        />
      </section>
    </Page>
  );
}

function Write({ post, replyTo, onDone }: { post: string; replyTo: Comment | null; onDone: () => void }) {
  const [text, setText] = useDraft(`comment:${post}`, '');
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.POST('/v1/posts/{post_id}/comments', {
        params: { path: { post_id: post } },
        body: { content: text.trim(), parent_id: replyTo?.id ?? null },
      }),
    );
    // What is typed while this one is sent stays.
    setText((now) => (now === text ? '' : now));
    onDone();
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['comments', post] }),
      queries.invalidateQueries({ queryKey: ['post', post] }),
    ]);
  });
  return (
    <form class="stack-s" onSubmit={submit}>
      {replyTo && (
        <p class="small row">
          {t('post.replying', { name: replyTo.author.username })}{' '}
          <Button kind="quiet" onClick={onDone}>
            {t('common.cancel')}
          </Button>
        </p>
      )}
      <textarea
        class="input"
        aria-label={t('post.comment')}
        placeholder={t('post.comment')}
        maxLength={2000}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Send busy={busy} error={error} label={t('post.send')} disabled={!text.trim()} />
    </form>
  );
}
