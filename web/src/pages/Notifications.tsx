import { Trash2 } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { queries, usePages } from '~/api/queries';
import { ago, t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { Avatar, Button, Empty, IconButton, More, Problem, Skeletons } from '~/ui';

type Notification = Schemas['NotificationOut'];

/** Where a notification leads. */
export function addressOf(one: Pick<Notification, 'kind' | 'target' | 'actor'>): string {
  const id = one.target.id;
  switch (one.target.type) {
    case 'post':
      return `/posts/${id}`;
    case 'comment':
      return `/posts/${one.target.post_id ?? id}`;
    case 'recipe':
      return `/recipes/${id}`;
    case 'suggestion':
      return `/answer/${id}`;
    case 'pantry':
      return '/pantry';
    case 'user':
      return one.kind === 'friend_request' ? '/friends' : `/people/${id}`;
    case 'account':
      return '/settings';
    default:
      return unknown(one.target.type);
  }
}

/** A target that a newer service names leads nowhere; one that this client should know fails its build. */
const unknown = (_type: never): string => '/notifications';

/** What a moderator decided about something of one's own: another moderator can be asked to look at it. */
const isDecision = (one: Notification): boolean =>
  one.kind === 'recipe_rejected' ||
  (one.kind === 'account' && ['post', 'comment', 'recipe', 'user'].includes(one.target.type));

export default function Notifications() {
  const { query } = useLocation();
  const unread = query.show === 'unread';
  const list = usePages<Notification>(['notifications', unread], (cursor) =>
    unwrap(api.GET('/v1/notifications', { params: { query: { cursor, limit: 30, unread } } })),
  );
  const tab = (only: boolean) => ({
    class: `chip ${only === unread ? 'on' : ''}`,
    'aria-current': only === unread ? ('page' as const) : undefined,
  });
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['notifications'] }),
      queries.invalidateQueries({ queryKey: ['unread'] }),
    ]);
  const all = useSubmit(async () => {
    await unwrap(api.POST('/v1/notifications/read-all'));
    await refresh();
  });
  const path = (one: Notification) => ({ params: { path: { notification_id: one.id } } });
  const markRead = (one: Notification) =>
    void unwrap(api.POST('/v1/notifications/{notification_id}/read', path(one))).then(
      refresh,
      () => undefined,
    );
  const remove = (one: Notification) =>
    void unwrap(api.DELETE('/v1/notifications/{notification_id}', path(one))).then(refresh, () => undefined);
  return (
    <Page
      title={t('notifications.title')}
      reading
      aside={
        list.items.some((one) => !one.read) && (
          <Button busy={all.busy} onClick={() => void all.submit()}>
            {t('notifications.read_all')}
          </Button>
        )
      }
    >
      <nav class="tabs" aria-label={t('notifications.title')}>
        <a href="/notifications" {...tab(false)}>
          {t('common.all')}
        </a>
        <a href="/notifications?show=unread" {...tab(true)}>
          {t('notifications.only_unread')}
        </a>
      </nav>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons height="4rem" />}
      {!list.isPending && !list.items.length && !list.error && (
        <Empty title={t(unread ? 'notifications.none_unread' : 'notifications.none')}>
          {!unread && <p class="soft">{t('notifications.none_lead')}</p>}
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul class="lines card">
          {list.items.map((one) => (
            <li key={one.id} class={one.read ? '' : 'unread'}>
              {one.actor && <Avatar person={one.actor} />}
              <a class="grow" href={addressOf(one)} onClick={() => !one.read && markRead(one)}>
                {one.text}
                <br />
                <span class="small soft">
                  {ago(one.created_at)}
                  {!one.read && ` · ${t('notifications.unread')}`}
                </span>
              </a>
              {isDecision(one) && (
                <a class="button" href={`/appeal/${one.target.type}/${one.target.id}`}>
                  {t('appeal.ask')}
                </a>
              )}
              <IconButton label={t('notifications.remove')} onClick={() => remove(one)}>
                <Trash2 size={18} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </Page>
  );
}
