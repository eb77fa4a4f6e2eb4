import type { Answer } from "./answer.ts";
import { etag } from "./etag.ts";

/** Makes a response of an answer, with the headers that Google's metadata server gives all of its own. */
export function toResponse({ status, headers, body }: Answer, method: string): Response {
  return new Response(method === "HEAD" ? null : body, {
    status,
    headers: {
      "metadata-flavor": "Google",
      server: "Metadata Server for VM",
      etag: etag(body),
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-xss-protection": "0",
      ...headers,
    },
  });
}
