/**
 * What a server can do, found once by probing. Plain JSON: slices carry it, since a resumed export
 * plans nothing again.
 */
export type Server = {
  /** Where requests go: the region of the organisation, or the base URL. */
  readonly origin: string;
  /** Absent where the server knows issues without one and none was named. */
  readonly org?: string;
  readonly kind: "sentry" | "glitchtip";
  /** Whether issues lie below their organisation. They do not on old servers and on GlitchTip. */
  readonly orgIssues: boolean;
  /** Whether the server counts events of a window. */
  readonly count: boolean;
};

/** How the kinds differ that no probe needs to find out. */
export const kinds = {
  sentry: {
    /** Offset pages shift when rows arrive; keyset pages do not. */
    dedupe: "slice",
    /** By first seen, which does not change while the list is read. */
    issueSort: "new",
    /** What holds the rows of an issue to the window: the server, or the row's own date here. */
    bounds: "server",
    /** Whether event lists can be searched. */
    filters: true,
  },
  glitchtip: {
    dedupe: "page",
    issueSort: "-first_seen",
    bounds: "received",
    filters: false,
  },
} as const;

const root = "/api/0";

/** Joins parts to a path of the API. Each part is one path segment, whatever is in it. */
export function apiPath(...parts: readonly string[]): string {
  return [root, ...parts.map(encodeURIComponent), ""].join("/");
}

/** The path that a template such as `organizations/{org}/events/` stands for. */
export function fillPath(template: string, values: Readonly<Record<string, string>>): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(values[name] ?? ""),
  );
  return `${root}/${path}`;
}

/** The path of what belongs to an organisation. */
export function orgPath(server: Server, ...parts: readonly string[]): string {
  return apiPath("organizations", server.org ?? "", ...parts);
}

/** The path of an issue, or of what belongs to it. */
export function issuePath(server: Server, id: string, ...parts: readonly string[]): string {
  return server.orgIssues && server.org !== undefined
    ? orgPath(server, "issues", id, ...parts)
    : apiPath("issues", id, ...parts);
}

/** The path of what belongs to a project. */
export function projectPath(server: Server, slug: string, ...parts: readonly string[]): string {
  return apiPath("projects", server.org ?? "", slug, ...parts);
}
