import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { projectQueries } from "../features/projects/queries.ts";
import { sessionQueries } from "../features/session/queries.ts";
import { keys } from "../lib/keys.ts";
import { isCode } from "../lib/problem.ts";
import { readStored } from "../lib/storage.ts";
import { LAST_PROJECT } from "./last-project.ts";
import { createQueryClient } from "./query-client.ts";
import { ErrorScreen, NotFoundScreen, PageErrorScreen } from "./screens/failure-screens.tsx";
import { PendingScreen } from "./screens/pending-screen.tsx";
import * as search from "./search.ts";
import { ProjectShell } from "./shell/project-shell.tsx";

export const queryClient: QueryClient = createQueryClient(() => {
  // Without a session to lose, the page that is being opened decides where to go.
  if (!queryClient.getQueryData(keys.session)) return;
  queryClient.removeQueries({ queryKey: keys.session });
  void router.navigate({ to: "/sign-in", search: { return: router.state.location.href } });
});

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  errorComponent: ErrorScreen,
  notFoundComponent: NotFoundScreen,
});

const front = { getParentRoute: () => root };
const signIn = createRoute({
  ...front,
  path: "/sign-in",
  validateSearch: search.signInSearch,
  component: lazyRouteComponent(() => import("./screens/front-screens.tsx"), "SignInScreen"),
});
const setup = createRoute({
  ...front,
  path: "/setup",
  component: lazyRouteComponent(() => import("./screens/front-screens.tsx"), "SetupScreen"),
});
const invitation = createRoute({
  ...front,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./screens/front-screens.tsx"), "InvitationScreen"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  pendingComponent: PendingScreen,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(sessionQueries.current());
    } catch (error) {
      if (!isCode(error, "unauthenticated")) throw error;
      const { needed } = await context.client.fetchQuery(sessionQueries.setup());
      if (needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { return: location.href } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  pendingComponent: PendingScreen,
  beforeLoad: async ({ context }) => {
    const { items } = await context.client.fetchQuery(projectQueries.list());
    const last = readStored(LAST_PROJECT);
    const project = items.find((item) => item.key === last) ?? items[0];
    if (!project) throw redirect({ to: "/projects" });
    throw redirect({ to: "/projects/$project/flags", params: { project: project.key } });
  },
});
const projects = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects",
  component: lazyRouteComponent(() => import("./screens/projects-screen.tsx"), "ProjectsScreen"),
});

const project = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/$project",
  component: ProjectShell,
});
const inProject = { getParentRoute: () => project, errorComponent: PageErrorScreen };

const projectHome = createRoute({
  ...inProject,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/projects/$project/flags", params });
  },
});
const flags = createRoute({
  ...inProject,
  path: "/flags",
  validateSearch: search.flagsSearch,
  component: lazyRouteComponent(() => import("./screens/flags-screen.tsx"), "FlagsScreen"),
});
const flag = createRoute({
  ...inProject,
  path: "/flags/$flag",
  validateSearch: search.flagSearch,
  component: lazyRouteComponent(() => import("./screens/flag-screen.tsx"), "FlagScreen"),
});
const start = createRoute({
  ...inProject,
  path: "/start",
  validateSearch: search.startSearch,
  component: lazyRouteComponent(() => import("./screens/start-screen.tsx"), "StartScreen"),
});
const kill = createRoute({
  ...inProject,
  path: "/kill",
  validateSearch: search.killSearch,
  component: lazyRouteComponent(() => import("./screens/kill-screen.tsx"), "KillScreen"),
});
const segments = createRoute({
  ...inProject,
  path: "/segments",
  validateSearch: search.segmentsSearch,
  component: lazyRouteComponent(() => import("./screens/segment-screens.tsx"), "SegmentsScreen"),
});
const segment = createRoute({
  ...inProject,
  path: "/segments/$segment",
  component: lazyRouteComponent(() => import("./screens/segment-screens.tsx"), "SegmentScreen"),
});
const activity = createRoute({
  ...inProject,
  path: "/activity",
  validateSearch: search.activitySearch,
  component: lazyRouteComponent(() => import("./screens/activity-screen.tsx"), "ActivityScreen"),
});
const environments = createRoute({
  ...inProject,
  path: "/environments",
  component: lazyRouteComponent(() => import("./screens/project-screens.tsx"), "EnvironmentsScreen"),
});
const apiKeys = createRoute({
  ...inProject,
  path: "/keys",
  validateSearch: search.keysSearch,
  component: lazyRouteComponent(() => import("./screens/project-screens.tsx"), "KeysScreen"),
});
const members = createRoute({
  ...inProject,
  path: "/members",
  component: lazyRouteComponent(() => import("./screens/project-screens.tsx"), "MembersScreen"),
});
const attributes = createRoute({
  ...inProject,
  path: "/attributes",
  component: lazyRouteComponent(() => import("./screens/project-screens.tsx"), "AttributesScreen"),
});

const tree = root.addChildren([
  signIn,
  setup,
  invitation,
  signedIn.addChildren([
    home,
    projects,
    project.addChildren([
      projectHome,
      flags,
      flag,
      start,
      kill,
      segments,
      segment,
      activity,
      environments,
      apiKeys,
      members,
      attributes,
    ]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: { client: queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
