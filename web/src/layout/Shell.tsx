import { Bell, BookOpen, CalendarDays, ChefHat, CircleUser, Newspaper, Refrigerator } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '~/api/client';
import { useQuery } from '~/api/queries';
import { state } from '~/api/session';
import { language, setLanguage, t, type Word } from '~/i18n';
import { online } from '~/lib/online';
import { ConsentBanner } from '~/parts/Consent';

/** `under`: where else one is in this part of the client. */
const LINKS: { href: string; word: Word; icon: typeof Bell; under?: string[] }[] = [
  { href: '/', word: 'nav.home', icon: Refrigerator, under: ['/answer'] },
  { href: '/recipes', word: 'nav.recipes', icon: BookOpen, under: ['/import'] },
  { href: '/plans', word: 'nav.plans', icon: CalendarDays, under: ['/lists'] },
  { href: '/feed', word: 'nav.feed', icon: Newspaper, under: ['/posts'] },
  {
    href: '/me',
    word: 'nav.me',
    icon: CircleUser,
    under: ['/pantry', '/mine', '/history', '/figures', '/friends', '/household', '/settings', '/blocked'],
  },
];

/** What surrounds every page: the bar at the top, the tabs of a phone, sentences about a lost network and other terms. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const cooking = path.startsWith('/cook/');
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {t('app.skip')}
      </a>
      {!cooking && <TopBar path={path} />}
      <div>
        {!online.value && (
          <p class="offline" role="status">
            {t('app.offline')}
          </p>
        )}
        {children}
        {!cooking && state.value === 'in' && <ConsentBanner path={path} />}
      </div>
      {!cooking && state.value === 'in' && <TabBar path={path} />}
    </div>
  );
}

function TopBar({ path }: { path: string }) {
  const isIn = state.value === 'in';
  return (
    <header class="topbar">
      <div class="topbar-inner">
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="32" height="32" /> <span>Smart Cooking</span>
        </a>
        <span class="grow" />
        {isIn && (
          <nav class="topnav" aria-label={t('nav.main')}>
            {LINKS.map((link) => (
              <NavLink key={link.href} {...link} path={path} />
            ))}
          </nav>
        )}
        {isIn ? <NotificationBell path={path} /> : <SignIn path={path} />}
        <button
          type="button"
          class="navlink iconbutton"
          lang={language.value === 'vi' ? 'en' : 'vi'}
          onClick={() => setLanguage(language.value === 'vi' ? 'en' : 'vi')}
          aria-label={language.value === 'vi' ? 'EN – English' : 'VI – Tiếng Việt'}
        >
          {language.value === 'vi' ? 'EN' : 'VI'}
        </button>
      </div>
    </header>
  );
}

function SignIn({ path }: { path: string }) {
  if (state.value === 'unknown' || path === '/login') return null;
  return (
    <a class="navlink signin" href="/login">
      <ChefHat size={20} aria-hidden="true" /> {t('auth.sign_in')}
    </a>
  );
}

function NotificationBell({ path }: { path: string }) {
  const { data } = useQuery({
    queryKey: ['unread'],
    queryFn: () => unwrap(api.GET('/v1/notifications/unread-count')),
    refetchInterval: 30_000,
  });
  const count = data?.count ?? 0;
  return (
    <a
      class="navlink iconbutton"
      href="/notifications"
      aria-current={path === '/notifications' ? 'page' : undefined}
      aria-label={t('nav.notifications', { count })}
    >
      <Bell size={22} aria-hidden="true" />
      {count > 0 && <span class="badge" aria-hidden="true" data-count={count > 99 ? '99+' : count} />}
    </a>
  );
}

function TabBar({ path }: { path: string }) {
  return (
    <nav class="tabbar" aria-label={t('nav.main')}>
      {LINKS.map((link) => (
        <NavLink key={link.href} {...link} path={path} />
      ))}
    </nav>
  );
}

function NavLink({ href, word, icon: Icon, under = [], path }: (typeof LINKS)[number] & { path: string }) {
  const isHere = [href, ...under].some((one) => path === one || (one !== '/' && path.startsWith(`${one}/`)));
  return (
    <a class="navlink" href={href} aria-current={isHere ? 'page' : undefined}>
      <Icon size={22} aria-hidden="true" /> {t(word)}
    </a>
  );
}
