/**
 * Follow the pages of any HTTP API to the end: one request with retry and limits, pages as an async
 * iterable with read-ahead and guards, the `Link` header, and a gate for shared rate limits.
 *
 * @module
 */

export { createGate, type Gate, type GateOptions } from "./create-gate.ts";
export { type LinkHeaderOptions, linkHeader } from "./link-header.ts";
export type { NextPage, PageHead } from "./next-page.ts";
export { type Page, type PaginateOptions, paginate } from "./paginate.ts";
export { type Link, parseLinkHeader } from "./parse-link-header.ts";
export { request } from "./request.ts";
export type {
  FailedResponse,
  RequestOptions,
  ResponseHead,
  RetryEvent,
  RetryOptions,
} from "./request-options.ts";
export type { Answer } from "./try-request.ts";
