/**
 * The contracts of decant: what a source, a sink and a token provider are, how a plugin says what
 * it gives, the one error class, and small functions that several packages need. Nothing here opens a
 * file or a connection; `@decant/core/file` does.
 *
 * @module
 */

export type {
  AuthContext,
  AuthPlugin,
  ClientCertificate,
  CommandResult,
  RunOptions,
  SecretStore,
} from "./auth-plugin.ts";
export { concatBytes } from "./concat-bytes.ts";
export {
  createIdentifier,
  type Identifier,
  type Identity,
  type IdFields,
} from "./create-identifier.ts";
export { createRow, type RowInit } from "./create-row.ts";
export {
  DecantError,
  type DecantErrorOptions,
  type ErrorKind,
  isDecantError,
} from "./decant-error.ts";
export { endOfValue, type JsonMember, skipJsonSpace } from "./end-of-value.ts";
export { escapeControls } from "./escape-controls.ts";
export { formatTime } from "./format-time.ts";
export { isLoopback } from "./is-loopback.ts";
export { joinId } from "./join-id.ts";
export type { Json } from "./json.ts";
export { pickPath } from "./pick-path.ts";
export type {
  AuthEntry,
  HelperEntry,
  OptionSpec,
  OptionValue,
  PluginData,
  SinkEntry,
} from "./plugin-data.ts";
export { type BodyBytes, type ReadBodyOptions, readBody } from "./read-body.ts";
export { type ColumnValue, readColumns } from "./read-columns.ts";
export { retryAfter } from "./retry-after.ts";
export type { Row } from "./row.ts";
export { type SharedTask, type ShareFlight, shareFlight } from "./share-flight.ts";
export type { Output, Sink, SinkOpenOptions, SinkPlugin, SinkReadOptions } from "./sink.ts";
export { sleep } from "./sleep.ts";
export type {
  Batch,
  End,
  Estimate,
  Lane,
  ReadOptions,
  Slice,
  Source,
  TimeRange,
} from "./source.ts";
export type { Column, Display, Stream } from "./stream.ts";
export type {
  Explanation,
  IdTokenRequest,
  Token,
  TokenProvider,
  TokenRequest,
} from "./token-provider.ts";
