/** What {@linkcode parseIssueUrl} finds in an address. */
export interface IssueUrl {
  /** The base URL of the server, as `createSentrySource` takes it. */
  readonly url: string;
  /** The slug of the organisation, where the address says it. */
  readonly org?: string;
  /** The id or short id of the issue. */
  readonly issue: string;
}

/** `/organizations/acme`, `/acme` (GlitchTip), `/acme/web` (Sentry of old) or nothing, then the issue. */
const issuePath =
  /^(?:\/organizations\/(?<org>[\w-]+)|\/(?<first>[\w-]+)(?:\/[\w-]+)?)?\/issues\/(?<issue>\d+|[\w-]+-\w+)(?:\/|$)/;

/** Hosts of sentry.io that are no organisation's own. */
const shared = new Set(["www", "us", "de"]);

/**
 * Takes the server, the organisation and the issue out of the address that a browser shows for an
 * issue or for one of its events. It knows the addresses of sentry.io, of self-hosted Sentry and of
 * GlitchTip.
 *
 * @param text What somebody pasted.
 * @returns What the address says, or nothing if it is not the address of an issue.
 *
 * @example
 * ```ts
 * import { parseIssueUrl } from "@decant/sentry-source";
 *
 * parseIssueUrl("https://acme.sentry.io/issues/123/events/latest/?project=7");
 * // { url: "https://sentry.io", org: "acme", issue: "123" }
 * ```
 */
export function parseIssueUrl(text: string): IssueUrl | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const groups = issuePath.exec(url.pathname)?.groups;
  const issue = groups?.["issue"];
  if (issue === undefined) return undefined;
  const host = /^(?:(?<name>[^.]+)\.)?sentry\.io$/.exec(url.host)?.groups;
  const name = host?.["name"];
  const org =
    groups?.["org"] ?? groups?.["first"] ?? (name && !shared.has(name) ? name : undefined);
  const base = host === undefined ? url.origin : "https://sentry.io";
  return { url: base, ...(org !== undefined && { org }), issue };
}
