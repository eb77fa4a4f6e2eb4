/**
 * A Sentry and a Google token endpoint on loopback, faithful in all that a client can trip over.
 * For tests, benchmarks and demonstrations.
 *
 * @module
 */

export type { Faults } from "./faults.ts";
export type {
  AuthorizedUserFile,
  ExternalAccountAuthorizedUserFile,
  ExternalAccountFile,
  GoogleCredentials,
  ImpersonatedServiceAccountFile,
  ServiceAccountKey,
} from "./google-credentials.ts";
export type {
  GoogleFailure,
  GoogleFaultOptions,
  GoogleMachineOptions,
  GoogleOptions,
  JsonObject,
} from "./google-options.ts";
export type {
  GoogleAccounts,
  GoogleCertificates,
  GoogleGrant,
  GoogleRequest,
  GoogleSimulator,
  IssuedToken,
} from "./google-simulator.ts";
export { type LimitBreaks, limitBreaks } from "./limit-breaks.ts";
export type {
  DatasetName,
  Flavor,
  Group,
  IssueOptions,
  ProjectOptions,
  RateLimit,
  SentryOptions,
} from "./sentry-options.ts";
export type {
  AddRowsOptions,
  BrokenLimit,
  RequestRecord,
  SentrySimulator,
  SimulatedEvent,
  SimulatedIssue,
  SimulatedRow,
  SimulatedTokens,
} from "./sentry-simulator.ts";
export { type SimulatedSentry, simulateSentry } from "./simulate-sentry.ts";
export { startGoogle } from "./start-google.ts";
export { startSentry } from "./start-sentry.ts";
export type { StreamName } from "./stream-name.ts";
