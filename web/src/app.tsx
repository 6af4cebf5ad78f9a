import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { queries } from '~/api/queries';
import * as session from '~/api/session';
import { language, t } from '~/i18n';
import { Shell } from '~/layout/Shell';
import { Toasts } from '~/lib/toasts';
import { findRoute, ROUTES } from '~/routes';
import { Empty, Skeletons } from '~/ui';

/** Addresses that the client answers; those of the server are opened by the browser. */
const OF_THE_CLIENT = /^\/(?!(?:admin|docs|r|v1)(?:\/|$))/;

export function App() {
  // Reading the language here has every page drawn anew when it changes.
  return (
    <LocationProvider key={language.value} scope={OF_THE_CLIENT}>
      <Shell>
        <ErrorBoundary onError={(error) => console.error(error)}>
          <Pages />
        </ErrorBoundary>
      </Shell>
      <Toasts />
    </LocationProvider>
  );
}

function Pages() {
  const { url, path, route } = useLocation();
  const known = findRoute(path);
  const mustSignIn = known && !known.open && session.state.value === 'out';
  useEffect(() => {
    if (mustSignIn) route(`/login?next=${encodeURIComponent(url)}`, true);
  }, [mustSignIn, url, route]);
  useEffect(() => {
    // Whoever signs in next may be somebody else.
    if (session.state.value === 'out') queries.clear();
  }, [session.state.value]);
  useEffect(() => {
    if (!location.hash) scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
  if (known && !known.open && session.state.value !== 'in') {
    return (
      <main id="main" tabIndex={-1} class="page">
        <h1 class="visually-hidden">{t('common.loading')}</h1>
        <Skeletons />
      </main>
    );
  }
  return (
    <Router>
      {ROUTES.map((one) => (
        <Route key={one.path} path={one.path} component={one.page} />
      ))}
      <Route default component={NotFound} />
    </Router>
  );
}

function NotFound() {
  return (
    <main id="main" tabIndex={-1} class="page">
      <Empty title={t('app.no_page')} level={1}>
        <a class="button primary" href="/">
          {t('app.to_start')}
        </a>
      </Empty>
    </main>
  );
}
