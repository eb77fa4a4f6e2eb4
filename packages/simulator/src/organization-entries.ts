import { isoTime } from "./iso-time.ts";
import { rawJson } from "./json-text.ts";
import { everywhere, type ListEntry, longKnown, type RowOrigin } from "./list-entry.ts";
import { hex } from "./random.ts";
import { environmentNames, oddMessages } from "./sample-text.ts";

const below = "organizations/:org";
const integrationScopes = ["org", "org:integrations"];

/** What belongs to the organisation: people, places and what it is connected to. */
export const organizationEntries: readonly ListEntry[] = [
  {
    ...{ stream: "teams", path: `${below}/teams/`, scopes: ["org"], paging: "pages", rows: 4 },
    ...{ key: "slug", flavors: everywhere },
    make: (from) => team(from),
  },
  {
    ...{ stream: "members", path: `${below}/members/`, scopes: ["member"], paging: "pages" },
    ...{ rows: 6, flavors: everywhere },
    make: (from) => member(from),
  },
  {
    ...{ stream: "environments", path: `${below}/environments/`, scopes: ["org"], paging: "all" },
    ...{ rows: environmentNames.length, flavors: everywhere, hidden: "retired" },
    make: ({ id, nth }) => ({ id, name: environmentNames[nth % environmentNames.length]! }),
  },
  {
    ...{ stream: "integrations", path: `${below}/integrations/`, scopes: integrationScopes },
    ...{ paging: "pages", rows: 3, flavors: longKnown },
    make: ({ id, nth, time }) => ({
      ...{ id, name: `acme-${nth}`, icon: null, domainName: "github.com/acme" },
      ...{ accountType: "Organization", scopes: null, status: "active" },
      provider: {
        key: "github",
        slug: "github",
        name: "GitHub",
        canAdd: true,
        features: ["commits"],
      },
      ...{ configOrganization: [], configData: {}, externalId: rawJson("9007199254740993") },
      ...{ organizationId: rawJson("4500000000000001"), organizationIntegrationStatus: "active" },
      gracePeriodEnd: nth === 1 ? isoTime(time) : null,
    }),
  },
  {
    ...{ stream: "sentry-apps", path: `${below}/sentry-apps/`, scopes: integrationScopes },
    ...{ paging: "pages", rows: 2, id: "uuid" },
    make: ({ seed, nth, random, org }) => ({
      ...{ uuid: dashed(hex(seed, random, 32)), slug: `app-${nth}`, name: `App ${nth} ✓` },
      ...{ author: "Acme", overview: null, popularity: 1, status: "internal", isAlertable: false },
      ...{ scopes: ["event:read"], events: [], schema: {}, verifyInstall: false, avatars: [] },
      ...{ redirectUrl: null, webhookUrl: null, metadata: {}, allowedOrigins: [] },
      owner: { id: rawJson("4500000000000001"), slug: org },
    }),
  },
  {
    ...{ stream: "sentry-app-installations", path: `${below}/sentry-app-installations/` },
    ...{ scopes: integrationScopes, paging: "pages", rows: 2, id: "uuid" },
    make: ({ seed, nth, random, org }) => ({
      app: { uuid: dashed(hex(seed, nth, 32)), slug: `app-${nth}`, sentryAppId: nth + 1 },
      organization: { slug: org, id: rawJson("4500000000000001") },
      ...{ uuid: dashed(hex(seed ^ 1, random, 32)), status: "installed" },
    }),
  },
  {
    ...{ stream: "notification-actions", path: `${below}/notifications/actions/` },
    ...{ scopes: ["org"], paging: "pages", rows: 3 },
    make: ({ id, project }) => ({
      ...{ id: rawJson(id), organizationId: rawJson("4500000000000001") },
      ...{ integrationId: null, sentryAppId: null, projects: [rawJson(project.id)] },
      ...{ serviceType: "sentry_notification", triggerType: "spike-protection" },
      ...{ targetType: "specific", targetIdentifier: "default", targetDisplay: null },
    }),
  },
  {
    ...{ stream: "relay-usage", path: `${below}/relay_usage/`, scopes: ["org"], paging: "all" },
    ...{ rows: 2, id: "relayId" },
    make: ({ seed, random, time }) => ({
      ...{
        relayId: dashed(hex(seed, random, 32)),
        version: "25.10.0",
        publicKey: hex(1, random, 43),
      },
      ...{ firstSeen: isoTime(time - 86_400_000), lastSeen: isoTime(time) },
    }),
  },
];

function team({ id, nth, time, random }: RowOrigin) {
  return {
    ...{ id, slug: nth === 0 ? "crew" : `crew-${nth}`, name: oddMessages[nth % 10]![1] },
    ...{ dateCreated: isoTime(time), isMember: nth % 2 === 0, teamRole: null, flags: {} },
    ...{ access: ["team:read", "org:read"], hasAccess: true, isPending: false },
    ...{ memberCount: random % 40, avatar: { avatarType: "letter_avatar", avatarUuid: null } },
    ...{ externalTeams: [], projects: [] },
  };
}

function member({ id, nth, time, random }: RowOrigin) {
  const email = `user${nth}@example.com`;
  const name = nth === 1 ? "Zoë Ångström" : `User ${nth}`;
  return {
    ...{ id, email, name, orgRole: nth === 0 ? "owner" : "member", role: "member" },
    user: nth % 3 === 2 ? null : { id: String(random), name, username: email, email },
    ...{ pending: nth % 3 === 2, expired: false, dateCreated: isoTime(time) },
    ...{ inviteStatus: "approved", inviterName: null, externalUsers: [], roleName: "Member" },
    flags: { "idp:provisioned": false, "sso:linked": false, "sso:invalid": false },
  };
}

function dashed(text: string): string {
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
