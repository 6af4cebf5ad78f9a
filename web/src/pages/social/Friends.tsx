import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, type Schemas, unwrap } from '~/api/client';
import { ApiError } from '~/api/errors';
import { queries, usePages } from '~/api/queries';
import { t } from '~/i18n';
import { Page } from '~/layout/Page';
import { useSubmit } from '~/lib/form';
import { toast } from '~/lib/toasts';
import { Avatar, Button, Empty, More, Problem, Skeletons } from '~/ui';

type Card = Schemas['CardOut'];
type Friend = Schemas['FriendOut'];
const PAUSE = 250;

export default function Friends() {
  const { query } = useLocation();
  const [text, setText] = useState(query.q ?? '');
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Page title={t('friends.title')} reading>
      <search>
        <input
          class="input"
          type="search"
          aria-label={t('friends.find')}
          placeholder={t('friends.find')}
          value={text}
          maxLength={100}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </search>
      {asked.length >= 2 ? (
        <Found text={asked} />
      ) : (
        <>
          <Requests direction="received" />
          <Requests direction="sent" />
          <Mine />
        </>
      )}
    </Page>
  );
}

function Found({ text }: { text: string }) {
  const list = usePages<Card>(
    ['people', text],
    (cursor) => unwrap(api.GET('/v1/users', { params: { query: { q: text, cursor, limit: 20 } } })) as never,
  );
  if (list.error && !list.items.length)
    return <Problem error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeletons height="4rem" />;
  if (!list.items.length) return <Empty title={t('friends.nobody')} />;
  return (
    <section class="stack">
      <ul class="lines card">
        {list.items.map((person) => (
          <li key={person.id}>
            <Person person={person} />
            <AskButton id={person.id} />
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </section>
  );
}

export function Person({ person, message }: { person: Card; message?: string | null }) {
  return (
    <>
      <Avatar person={person} />
      <a class="grow" href={`/people/${person.id}`}>
        <strong>@{person.username}</strong>
        <br />
        <span class="soft small">{person.full_name}</span>
        {message && <q class="small message">{message}</q>}
      </a>
    </>
  );
}

/** Ask for a friendship; whoever was asked before is told so, not refused. */
export function AskButton({ id }: { id: string }) {
  const [asked, setAsked] = useState(false);
  const { submit, busy, error } = useSubmit(async () => {
    try {
      await unwrap(api.POST('/v1/friends/requests', { body: { user_id: id } }));
    } catch (caught) {
      if (!(caught instanceof ApiError && caught.status === 409)) throw caught;
    }
    setAsked(true);
    await queries.invalidateQueries({ queryKey: ['requests'] });
  });
  if (asked) return <span class="chip good">{t('friends.asked')}</span>;
  return (
    <span>
      {error != null && <Problem error={error} />}
      <Button busy={busy} onClick={() => void submit()}>
        {t('friends.ask')}
      </Button>
    </span>
  );
}

function Requests({ direction }: { direction: 'received' | 'sent' }) {
  const list = usePages<Friend>(
    ['requests', direction],
    (cursor) =>
      unwrap(
        api.GET('/v1/friends/requests', { params: { query: { direction, cursor, limit: 20 } } }),
      ) as never,
  );
  if (!list.items.length) return null;
  const answer = async (id: string, act: 'accept' | 'reject' | 'withdraw') => {
    const path = { params: { path: { user_id: id } } };
    try {
      if (act === 'accept') await unwrap(api.POST('/v1/friends/requests/{user_id}/accept', path));
      else if (act === 'reject') await unwrap(api.POST('/v1/friends/requests/{user_id}/reject', path));
      else await unwrap(api.DELETE('/v1/friends/requests/{user_id}', path));
      toast(t(`friends.${act}ed`));
    } catch (error) {
      toast(error instanceof ApiError ? error.sentence() : t('problem.unexpected'));
    }
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['requests'] }),
      queries.invalidateQueries({ queryKey: ['friends'] }),
    ]);
  };
  return (
    <section class="stack-s">
      <h2>{t(`friends.${direction}`)}</h2>
      <ul class="lines card">
        {list.items.map((request) => (
          <li key={request.user.id} class="asks">
            <Person person={request.user} message={request.message} />
            <span class="row">
              {direction === 'received' ? (
                <>
                  <Button kind="primary" onClick={() => void answer(request.user.id, 'accept')}>
                    {t('friends.accept')}
                  </Button>
                  <Button onClick={() => void answer(request.user.id, 'reject')}>
                    {t('friends.reject')}
                  </Button>
                </>
              ) : (
                <Button onClick={() => void answer(request.user.id, 'withdraw')}>
                  {t('friends.withdraw')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </section>
  );
}

function Mine() {
  const list = usePages<Friend>(
    ['friends'],
    (cursor) => unwrap(api.GET('/v1/friends', { params: { query: { cursor, limit: 50 } } })) as never,
  );
  if (list.error && !list.items.length)
    return <Problem error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeletons height="4rem" />;
  return (
    <section class="stack-s">
      <h2>{t('friends.mine')}</h2>
      {list.items.length ? (
        <ul class="lines card">
          {list.items.map((friend) => (
            <li key={friend.user.id}>
              <Person person={friend.user} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="soft">{t('friends.none')}</p>
      )}
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.more} />
    </section>
  );
}
