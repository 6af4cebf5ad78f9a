import { useState } from 'preact/hooks';
import { api, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, usePages, useQuery } from '~/api/queries';
import { myId } from '~/api/session';
import { ago, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { type Post, PostCard } from '~/parts/PostCard';
import { ReportButton } from '~/parts/ReportButton';
import { Text } from '~/parts/Text';
import { titleOf } from '~/parts/titles';
import { Avatar, Button, Dialog, More, Problem, Skeletons } from '~/ui';
import { AskButton } from './Friends';

export default function PersonPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['person', id],
    queryFn: () => unwrap(api.GET('/v1/users/{user_id}', { params: { path: { user_id: id } } })),
  });
  const posts = usePages<Post>(
    ['person', id, 'posts'],
    (cursor) =>
      unwrap(
        api.GET('/v1/users/{user_id}/posts', {
          params: { path: { user_id: id }, query: { cursor, limit: 10 } },
        }),
      ),
    Boolean(data),
  );
  if (error && !(data && error instanceof ApiError && error.isPassing))
    return (
      <Page title={t('person.title')} reading>
        <Problem error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title={t('person.title')} reading>
        <Skeletons />
      </Page>
    );
  const isMe = myId.value === id;
  return (
    <Page title={data.full_name || `@${data.username}`} lead={`@${data.username}`} reading>
      <div class="row">
        <Avatar person={data} large />
        <div class="grow">{data.bio && <Text text={data.bio} />}</div>
      </div>
      {isMe ? (
        <a class="button" href="/settings">
          {t('person.edit')}
        </a>
      ) : (
        <div class="row">
          {data.is_friend ? <span class="chip good">{t('person.friend')}</span> : <AskButton id={id} />}
          {data.is_friend && <Leave id={id} />}
          <Block id={id} name={data.username} />
          <ReportButton type="user" id={id} />
        </div>
      )}
      <Cooked id={id} />
      <section class="stack">
        {posts.error && <Problem error={posts.error} onRetry={() => void posts.refetch()} />}
        {posts.items.map((post) => (
          <PostCard key={post.id} post={post} onGone={() => void posts.refetch()} />
        ))}
        <More hasMore={posts.hasNextPage} busy={posts.isFetchingNextPage} onMore={posts.more} />
      </section>
    </Page>
  );
}

/** What somebody has cooked, where their privacy lets one see it; nothing where it does not. */
function Cooked({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['person', id, 'cooked'],
    queryFn: () =>
      unwrap(
        api.GET('/v1/users/{user_id}/cooking', { params: { path: { user_id: id }, query: { limit: 6 } } }),
      ).catch((error) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
  });
  if (!data?.items.length) return null;
  return (
    <section class="stack-s">
      <h2>{t('person.cooked')}</h2>
      <ul class="chips">
        {data.items.map((one) => (
          <li key={one.recipe_id + one.cooked_at}>
            <a class="chip" href={`/recipes/${one.recipe_id}`}>
              {titleOf(one)} · {ago(one.cooked_at)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Leave({ id }: { id: string }) {
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.DELETE('/v1/friends/{user_id}', { params: { path: { user_id: id } } }));
    await queries.invalidateQueries({ queryKey: ['person', id] });
  });
  return (
    <span>
      {error != null && <Problem error={error} />}
      <Button busy={busy} onClick={() => void submit()}>
        {t('person.unfriend')}
      </Button>
    </span>
  );
}

function Block({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false);
  const { submit, busy, error } = useSubmit(async () => {
    await unwrap(api.PUT('/v1/users/{user_id}/block', { params: { path: { user_id: id } } }));
    queries.clear();
    toast(t('person.blocked', { name }));
    location.assign('/friends');
  });
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t('person.block')}
      </Button>
      <Dialog title={t('person.block_sure', { name })} open={open} onClose={() => setOpen(false)}>
        <p>{t('person.block_means')}</p>
        {error != null && <Problem error={error} />}
        <div class="row">
          <Button kind="danger" busy={busy} onClick={() => void submit()}>
            {t('person.block')}
          </Button>
          <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
        </div>
      </Dialog>
    </>
  );
}
