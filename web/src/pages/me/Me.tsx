import {
  Bookmark,
  ChartColumn,
  ChevronRight,
  History,
  Home,
  Settings,
  ShieldUser,
  ShoppingBasket,
  Users,
  Utensils,
} from 'lucide-preact';
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { groups, signOut } from '~/api/session';
import { t, type Word } from '~/i18n';
import { Page } from '~/layout/Page';
import { Avatar, Button, Problem, Skeletons } from '~/ui';

const LINKS: { href: string; word: Word; icon: typeof Home }[] = [
  { href: '/pantry', word: 'nav.pantry', icon: ShoppingBasket },
  { href: '/mine', word: 'nav.mine', icon: Utensils },
  { href: '/mine?tab=favorites', word: 'mine.favorites', icon: Bookmark },
  { href: '/history', word: 'history.title', icon: History },
  { href: '/figures', word: 'figures.title', icon: ChartColumn },
  { href: '/friends', word: 'friends.title', icon: Users },
  { href: '/household', word: 'household.title', icon: Home },
  { href: '/settings', word: 'settings.title', icon: Settings },
];

const STAFF = new Set(['moderators', 'admins']);

export default function Me() {
  const { data, error, refetch } = useQuery({
    queryKey: ['me'],
    queryFn: () => unwrap(api.GET('/v1/users/me')),
  });
  return (
    <Page title={t('nav.me')} reading>
      {error && !data && <Problem error={error} onRetry={() => void refetch()} />}
      {data ? (
        <a class="card row" href={`/people/${data.id}`}>
          <Avatar person={data} large />
          <span class="grow">
            <strong>{data.full_name}</strong>
            <br />
            <span class="soft">@{data.username}</span>
          </span>
        </a>
      ) : (
        !error && <Skeletons count={1} height="6rem" />
      )}
      <ul class="lines card">
        {LINKS.map(({ href, word, icon: Icon }) => (
          <li key={href}>
            <Icon size={22} aria-hidden="true" />
            <a class="grow" href={href}>
              {t(word)}
            </a>
            <ChevronRight size={20} aria-hidden="true" />
          </li>
        ))}
        {groups.value.some((group) => STAFF.has(group)) && (
          <li>
            <ShieldUser size={22} aria-hidden="true" />
            <a class="grow" href="/admin/">
              {t('me.admin')}
            </a>
            <ChevronRight size={20} aria-hidden="true" />
          </li>
        )}
      </ul>
      <p class="small">
        <a href="/terms">{t('terms.title')}</a>
      </p>
      <Button onClick={() => void signOut().catch(() => undefined)}>{t('me.sign_out')}</Button>
    </Page>
  );
}
