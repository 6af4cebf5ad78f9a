import { api, type Schemas, unwrap } from '~/api/client';
import { usePages } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { toast } from '~/lib/toasts';
import { Avatar, Button, Empty, More, Problem, Skeletons } from '~/ui';

type Blocked = Schemas['BlockedOut'];

export default function BlockedPeople() {
  const list = usePages<Blocked>(
    ['blocks'],
    (cursor) => unwrap(api.GET('/v1/users/me/blocks', { params: { query: { cursor, limit: 50 } } })) as never,
  );
  const lift = async (id: string) => {
    await unwrap(api.DELETE('/v1/users/{user_id}/block', { params: { path: { user_id: id } } })).catch(() =>
      toast(t('problem.unexpected')),
    );
    await list.refetch();
  };
  return (
    <Page title={t('settings.blocked')} reading>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t('settings.nobody_blocked')}>
          <p class="soft">{t('settings.nobody_blocked_lead')}</p>
        </Empty>
      )}
      <ul class="lines">
        {list.items.map(({ user }) => (
          <li key={user.id}>
            <Avatar person={user} />
            <span class="grow">@{user.username}</span>
            <Button onClick={() => void lift(user.id)}>{t('person.unblock')}</Button>
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}
