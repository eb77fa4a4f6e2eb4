/**
 * Sentry's REST API as a source: every event of issues and projects with its full body, from SaaS,
 * self-hosted servers and GlitchTip.
 *
 * @module
 */

export { createSentrySource, type SentrySourceOptions } from "./create-sentry-source.ts";
export { type IssueUrl, parseIssueUrl } from "./parse-issue-url.ts";
export type { SentryEvent } from "./sentry-event.ts";
export { splitJsonArray } from "./split-json-array.ts";
