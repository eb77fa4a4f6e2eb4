import type { EndpointPlace } from "./check-endpoint.ts";
import type { Exchange } from "./exchange-error.ts";
import type { SubjectTokenContext } from "./subject-token.ts";

/** What is asked of a server of the other identity provider. */
export function sourceExchange(
  { target, source }: SubjectTokenContext,
  { url, field }: { readonly url: string } & Pick<EndpointPlace, "field">,
): Exchange {
  return {
    label: target ?? source,
    url,
    urlSource: `${field} in the file`,
    scopes: [],
    findFlaw: () => ({
      code: "GCP_SUBJECT_TOKEN_MISSING",
      state: "the other identity provider refused",
      hint: `Check what it says, and ${field} in the file.`,
    }),
  };
}
