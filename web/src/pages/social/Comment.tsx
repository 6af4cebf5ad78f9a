import { CornerDownRight, Heart, Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries } from '~/api/queries';
import { myId } from '~/api/session';
import { ago, t } from '~/i18n';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { ReportButton } from '~/parts/ReportButton';
import { Text } from '~/parts/Text';
import { Area, Avatar, IconButton, Problem } from '~/ui';
import { Send } from '~/ui/Send';

export type Comment = Schemas['CommentOut'];

interface Props {
  post: string;
  comment: Comment;
  /** The author of the post, who may delete any comment of it. */
  owner: string;
  onReply?: () => void;
}

export function CommentLine({ post, comment, owner, onReply }: Props) {
  const [isEditing, setEditing] = useState(false);
  const isMine = myId.value === comment.author.id;
  const path = { params: { path: { post_id: post, comment_id: comment.id } } };
  const refresh = () => queries.invalidateQueries({ queryKey: ['comments', post] });
  const remove = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/posts/{post_id}/comments/{comment_id}', path));
    await refresh();
    toast(t('post.comment_deleted'));
  });
  const like = useSubmit(async () => {
    const reaction = '/v1/posts/{post_id}/comments/{comment_id}/reaction';
    if (comment.my_reaction) await unwrap(api.DELETE(reaction, path));
    else await unwrap(api.PUT(reaction, { ...path, body: { reaction: 'love' } }));
    await refresh();
  });
  const problem = remove.error ?? like.error;
  return (
    <div class="row comment">
      <Avatar person={comment.author} />
      <div class="grow">
        <a href={`/people/${comment.author.id}`}>
          <strong>@{comment.author.username}</strong>
        </a>{' '}
        <span class="small soft">
          {ago(comment.created_at)}
          {comment.edited_at && ` · ${t('post.edited')}`}
        </span>
        {isEditing ? (
          <EditComment post={post} comment={comment} onDone={() => setEditing(false)} />
        ) : (
          <Text text={comment.content} />
        )}
        {problem != null && <Problem error={problem} />}
        <div class="row comment-actions">
          <IconButton
            label={t(comment.my_reaction ? 'reaction.take_back' : 'reaction.love_it')}
            aria-pressed={comment.my_reaction !== null}
            disabled={like.busy}
            onClick={() => void like.submit()}
          >
            <Heart size={18} aria-hidden="true" fill={comment.my_reaction ? 'currentColor' : 'none'} />
          </IconButton>
          {comment.reaction_count > 0 && <span class="small soft nums">{comment.reaction_count}</span>}
          {onReply && (
            <IconButton label={t('post.reply')} onClick={onReply}>
              <CornerDownRight size={18} aria-hidden="true" />
            </IconButton>
          )}
          {isMine && (
            <IconButton label={t('post.edit_comment')} onClick={() => setEditing(true)}>
              <Pencil size={18} aria-hidden="true" />
            </IconButton>
          )}
          {isMine || myId.value === owner ? (
            <IconButton label={t('post.delete_comment')} onClick={() => void remove.submit()}>
              <Trash2 size={18} aria-hidden="true" />
            </IconButton>
          ) : (
            <ReportButton type="comment" id={comment.id} />
          )}
        </div>
      </div>
    </div>
  );
}

function EditComment({ post, comment, onDone }: { post: string; comment: Comment; onDone: () => void }) {
  const [content, setContent] = useState(comment.content);
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(
      api.PATCH('/v1/posts/{post_id}/comments/{comment_id}', {
        params: { path: { post_id: post, comment_id: comment.id } },
        body: { content: content.trim() },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['comments', post] });
  }, onDone);
  return (
    <form class="stack-s" onSubmit={submit}>
      <Area label={t('post.edit_comment')} value={content} onText={setContent} maxLength={2000} />
      <Send busy={busy} error={error} disabled={!content.trim()} onCancel={onDone} />
    </form>
  );
}
