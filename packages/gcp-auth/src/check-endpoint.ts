import { isLoopback } from "@decant/core";
import { credentialError } from "./credential-error.ts";

/** Where an address stands, for messages. */
export interface EndpointPlace {
  readonly source: string;
  readonly field: string;
}

const hint =
  "Use the file as it was made. A credential file of unknown origin can send secrets to strangers.";

/**
 * Refuses an address that a secret must not be sent to: https, or http on loopback.
 *
 * @returns The address.
 * @throws {DecantError} `GCP_URL_UNSAFE`
 */
export function checkEndpoint(address: string, { source, field }: EndpointPlace): string {
  const refuse = (state: string) =>
    credentialError(source, { code: "GCP_URL_UNSAFE", state: `its ${field} ${state}`, hint });
  if (!URL.canParse(address)) throw refuse("is not an address");
  const url = new URL(address);
  if (url.username || url.password) throw refuse("holds a user or a password");
  if (address.includes("#")) throw refuse("has a fragment");
  if (url.protocol === "https:") return address;
  if (url.protocol === "http:" && isLoopback(url.hostname)) return address;
  throw refuse(`is ${url.protocol}//${url.host}, which is not https`);
}

/** A service of Google, by the first label of its host. */
export type GoogleService = "sts" | "iamcredentials";

/**
 * Refuses an address that is not the service's own, since the token that goes there is worth something
 * to others. The shapes of hosts are those that Google's own libraries once held to: global,
 * regional, mutual TLS, and Private Service Connect.
 *
 * @returns The address.
 * @throws {DecantError} `GCP_URL_UNSAFE`
 */
export function checkGoogleEndpoint(
  address: string,
  place: EndpointPlace & { readonly service: GoogleService; readonly universe: string },
): string {
  checkEndpoint(address, place);
  const { hostname } = new URL(address);
  const { service, universe, source, field } = place;
  if (isLoopback(hostname)) return address;
  const suffix = `.${universe}`;
  const labels = hostname.endsWith(suffix) ? hostname.slice(0, -suffix.length).split(".") : [];
  const [first = "", second = "", third, ...rest] = labels;
  const known =
    labels.length > 0 &&
    rest.length === 0 &&
    ((labels.length === 1 && (first === service || first.endsWith(`-${service}`))) ||
      (labels.length === 2 && (first === service || second === service)) ||
      (labels.length === 2 && first.startsWith(`${service}-`) && second === "p") ||
      (labels.length === 3 && first === service && third === "rep"));
  if (known) return address;
  throw credentialError(source, {
    code: "GCP_URL_UNSAFE",
    state: `its ${field} leads to ${hostname}, which is not ${service}.${universe}`,
    hint,
  });
}
