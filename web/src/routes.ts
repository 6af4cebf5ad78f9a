/** Addresses of the client. A page is a module of its own, loaded when somebody goes there. */
import { lazy } from 'preact-iso';

interface Route {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: each page takes the parameters of its own path
  page: any;
  /** Who is not signed in is sent to sign in first, and comes back here afterwards. */
  open?: boolean;
}

export const ROUTES: Route[] = [
  { path: '/', page: lazy(() => import('~/pages/Home')), open: true },
  { path: '/login', page: lazy(() => import('~/pages/account/Login')), open: true },
  { path: '/register', page: lazy(() => import('~/pages/account/Register')), open: true },
  { path: '/confirm', page: lazy(() => import('~/pages/account/Confirm')), open: true },
  { path: '/reset', page: lazy(() => import('~/pages/account/Reset')), open: true },
  { path: '/terms', page: lazy(() => import('~/pages/terms/Terms')), open: true },
  { path: '/answer/:id', page: lazy(() => import('~/pages/Answer')) },
  { path: '/recipes', page: lazy(() => import('~/pages/recipes/Catalogue')) },
  { path: '/recipes/new', page: lazy(() => import('~/pages/recipes/Editor')) },
  { path: '/recipes/:id', page: lazy(() => import('~/pages/recipes/Recipe')) },
  { path: '/recipes/:id/edit', page: lazy(() => import('~/pages/recipes/Editor')) },
  { path: '/cook/:id', page: lazy(() => import('~/pages/Cook')) },
  { path: '/mine', page: lazy(() => import('~/pages/recipes/Mine')) },
  { path: '/plans', page: lazy(() => import('~/pages/plans/Plans')) },
  { path: '/plans/new', page: lazy(() => import('~/pages/plans/NewPlan')) },
  { path: '/plans/:id', page: lazy(() => import('~/pages/plans/Plan')) },
  { path: '/lists', page: lazy(() => import('~/pages/plans/Lists')) },
  { path: '/lists/:id', page: lazy(() => import('~/pages/plans/List')) },
  { path: '/household', page: lazy(() => import('~/pages/me/Household')) },
  { path: '/household/join/:code', page: lazy(() => import('~/pages/me/JoinHousehold')) },
  { path: '/import', page: lazy(() => import('~/pages/recipes/Import')) },
  { path: '/import/:id', page: lazy(() => import('~/pages/recipes/ImportReview')) },
  { path: '/settings/data', page: lazy(() => import('~/pages/me/Data')) },
  { path: '/feed', page: lazy(() => import('~/pages/social/Feed')) },
  { path: '/posts/:id', page: lazy(() => import('~/pages/social/Post')) },
  { path: '/friends', page: lazy(() => import('~/pages/social/Friends')) },
  { path: '/people/:id', page: lazy(() => import('~/pages/social/Person')) },
  { path: '/notifications', page: lazy(() => import('~/pages/Notifications')) },
  { path: '/me', page: lazy(() => import('~/pages/me/Me')) },
  { path: '/pantry', page: lazy(() => import('~/pages/pantry/Pantry')) },
  { path: '/history', page: lazy(() => import('~/pages/me/History')) },
  { path: '/figures', page: lazy(() => import('~/pages/me/Figures')) },
  { path: '/settings', page: lazy(() => import('~/pages/me/Settings')) },
  { path: '/settings/account', page: lazy(() => import('~/pages/me/Account')) },
  { path: '/settings/mfa', page: lazy(() => import('~/pages/me/Mfa')) },
  { path: '/appeal/:type/:id', page: lazy(() => import('~/pages/Appeal')) },
  { path: '/reports', page: lazy(() => import('~/pages/me/Reports')) },
  { path: '/blocked', page: lazy(() => import('~/pages/me/Blocked')) },
];

export const findRoute = (path: string): Route | undefined => ROUTES.find((one) => matches(one.path, path));

/** Load the module of a page while it is still asked who is signed in. */
export function warmUp(path: string): void {
  // A failure is the drawn page's to tell.
  findRoute(path)
    ?.page.preload()
    .catch(() => undefined);
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (pattern === '/') return path === '/';
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith(':') || part === given[index])
  );
}
