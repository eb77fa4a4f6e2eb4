import { type Call, calledProject, type Scene } from "./call.ts";
import type { Project } from "./entities.ts";
import { keysetPage } from "./keyset-page.ts";
import type { Reply } from "./loopback-server.ts";
import { numberedPage } from "./numbered-page.ts";
import { json } from "./reply.ts";
import { pageSize } from "./sentry-link.ts";

const created = "2024-03-01T09:00:00Z";

/** `/api/0/`: who asks, by what right. */
export function apiRoot(call: Call): Reply {
  const user = { id: "1", username: "ada@example.com", email: "ada@example.com" };
  const { access } = call;
  return json({
    version: "0",
    auth: access ? { scopes: access.scopes } : null,
    user: access?.identity.startsWith("user:") ? user : null,
  });
}

/** `/api/settings/`: of GlitchTip only. */
export function glitchtipSettings(): Reply {
  return json({
    socialApps: [],
    billingEnabled: false,
    iPaidForGlitchTip: false,
    enableUserRegistration: true,
    enableOrganizationCreation: false,
    stripePublicKey: null,
    plausibleURL: null,
    plausibleDomain: null,
    chatwootWebsiteToken: null,
    sentryDSN: null,
    sentryTracesSampleRate: null,
    environment: null,
    version: "5.1.1",
    serverTimeZone: "UTC",
    glitchtipInstanceName: "GlitchTip",
  });
}

/** `/api/0/organizations/`: those that the token sees. */
export function organizations(call: Call): Reply {
  const items = [organizationJson(call)];
  if (call.settings.flavor === "glitchtip") return json(items);
  const page = numberedPage(call, { items, limit: pageSize(call.query) });
  return json(page.items, { headers: { link: page.link } });
}

/** `/api/0/users/me/regions/`: of sentry.io only. */
export function regions({ origin }: Call): Reply {
  return json({ regions: [{ name: "us", url: origin }] });
}

/** `/api/0/organizations/{org}/`. */
export function organizationDetail(call: Call): Reply {
  return json(organizationJson(call));
}

/** The organisation. */
export function organizationJson({ settings, origin }: Scene): Record<string, unknown> {
  const { org, flavor } = settings;
  const common = { id: "4500000000000001", slug: org, name: org, dateCreated: created };
  if (flavor === "glitchtip") return { ...common, status: { id: "active", name: "active" } };
  const status = { id: "active", name: "active" };
  const features = flavor === "old" ? [] : ["discover-basic", "discover-query", "global-views"];
  const organizationUrl = flavor === "old" ? undefined : origin;
  const regionUrl = flavor === "saas" ? origin : undefined;
  return {
    ...{ ...common, status, features, isEarlyAdopter: false, require2FA: false },
    ...(organizationUrl ? { links: { organizationUrl, regionUrl } } : {}),
  };
}

/** `/api/0/organizations/{org}/projects/`, by Sentry's `OffsetPaginator`. */
export function organizationProjects(call: Call): Reply {
  const projects = call.world.projects.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
  if (call.settings.flavor === "glitchtip") {
    const page = keysetPage(call, {
      items: projects,
      key: (project) => projects.indexOf(project),
      descending: false,
      position: { write: String, read: Number },
    });
    return json(
      page.items.map((project) => projectJson(call, project)),
      { headers: page.headers },
    );
  }
  if (call.query.get("all_projects") === "1")
    return json(projects.map((project) => projectJson(call, project)));
  const page = numberedPage(call, { items: projects, limit: pageSize(call.query) });
  const rows = page.items.map((project) => projectJson(call, project));
  return json(rows, { headers: { link: page.link } });
}

/** `/api/0/projects/{org}/{project}/`. */
export function projectDetail(call: Call): Reply {
  return json(projectDetailJson(call, calledProject(call)));
}

/** A project as its own endpoint gives it. */
export function projectDetailJson(call: Scene, project: Project): Record<string, unknown> {
  const { org } = call.settings;
  return {
    ...projectJson(call, project),
    organization: { id: "4500000000000001", slug: org, name: org },
    options: {},
    latestRelease: null,
  };
}

/** A project as lists give it. */
export function projectJson(call: Scene, { id, slug }: Project): Record<string, unknown> {
  const common = { id, slug, name: slug, platform: "python", dateCreated: created };
  const firstEvent = "2024-03-02T10:00:00Z";
  if (call.settings.flavor === "glitchtip")
    return { ...common, firstEvent, scrubIPAddresses: false };
  return {
    ...{ ...common, firstEvent, isMember: true, hasAccess: true, isBookmarked: false },
    ...{ status: "active", features: [], teams: [{ id: "2", slug: "crew", name: "crew" }] },
  };
}
