/**
 * Sentry's REST API as a source: every event of issues and projects with its full body, and all else
 * that the API lists, from SaaS, self-hosted servers and GlitchTip.
 *
 * @module
 */

export { createSentrySource, type SentrySourceOptions } from "./create-sentry-source.ts";
export { type IssueUrl, parseIssueUrl } from "./parse-issue-url.ts";
export type { AttachmentInfo, AttachmentStore, StoredAttachment } from "./save-file.ts";
export type { SentryEvent } from "./sentry-event.ts";
export { type SentryStream, sentryStreams } from "./sentry-streams.ts";
export { splitJsonArray } from "./split-json-array.ts";
