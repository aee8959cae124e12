import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api.js';
import { CrashedPage, MissingPage } from './components/page-states.js';
import { parseAddress, readMonitorSearch, writeAddress } from './pages/monitor-search.js';
import { readProvidersSearch, readWordBackSearch } from './pages/settings-search.js';
import { returnPath, sessionQuery } from './session.js';
import { theme } from './theme.js';

const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ends while the page is open leads to the sign-in page and back.
    onError: (error, query) => {
      if (error instanceof ApiError && error.signedOut && query.queryKey[0] !== 'session') askToSignIn();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.passing,
      retryDelay: 500,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const loadShell = () => import('./components/shell.js');
const loadMonitor = () => import('./pages/monitor.js');
const loadSettings = () => import('./pages/settings.js');

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: MissingPage,
  errorComponent: CrashedPage,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { return?: string } =>
    typeof raw.return === 'string' ? { return: raw.return } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in.js'), 'SignInPage'),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (raw: Record<string, unknown>): { token?: string } =>
    typeof raw.token === 'string' ? { token: raw.token } : {},
  component: lazyRouteComponent(() => import('./pages/setup.js'), 'SetupPage'),
});

/** Everything that needs somebody signed in. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    // The pages come while the session is asked for.
    void loadShell();
    void (location.pathname.startsWith('/settings') ? loadSettings() : loadMonitor());
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiError && error.signedOut) {
        throw redirect({ to: '/sign-in', search: { return: location.href }, replace: true });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(loadShell, 'Shell'),
});

const indexRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: readMonitorSearch,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/monitor', search, replace: true });
  },
});

const monitorRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/monitor',
  validateSearch: readMonitorSearch,
  component: lazyRouteComponent(loadMonitor, 'MonitorPage'),
});

const rulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rules',
  component: lazyRouteComponent(() => import('./pages/rules.js'), 'RulesPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(loadSettings, 'SettingsPage'),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/providers', replace: true });
  },
});

const providersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/providers',
  validateSearch: readProvidersSearch,
  component: lazyRouteComponent(() => import('./pages/settings-providers.js'), 'ProvidersSection'),
});

const wordBackRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/word-back',
  validateSearch: readWordBackSearch,
  component: lazyRouteComponent(() => import('./pages/settings-word-back.js'), 'WordBackSection'),
});

const quarantineRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/quarantine',
  component: lazyRouteComponent(() => import('./pages/settings-quarantine.js'), 'QuarantineSection'),
});

const streamsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/streams',
  component: lazyRouteComponent(() => import('./pages/settings-streams.js'), 'StreamsSection'),
});

const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    setupRoute,
    shellRoute.addChildren([
      indexRoute,
      monitorRoute,
      rulesRoute,
      settingsRoute.addChildren([
        settingsIndexRoute,
        providersRoute,
        wordBackRoute,
        quarantineRoute,
        streamsRoute,
      ]),
    ]),
  ]),
  context: { queryClient },
  parseSearch: parseAddress,
  stringifySearch: writeAddress,
  defaultPreload: 'intent',
  defaultErrorComponent: CrashedPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function askToSignIn(): void {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  void router.navigate({ to: '/sign-in', search: { return: returnPath(href) } });
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
