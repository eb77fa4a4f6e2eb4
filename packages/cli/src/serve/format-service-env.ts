import { DecantError } from "@decant/core";
import { isLocal, type ServiceAddress } from "./parse-address.ts";

/** The variables by which Google's libraries and gcloud find a metadata server. */
const variables = ["GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT"];

/**
 * Writes lines for a shell that lead Google's libraries and gcloud to a service.
 *
 * @throws {DecantError} `ADDRESS_UNUSABLE` where they cannot be led there.
 */
export function formatServiceEnv(address: ServiceAddress): string {
  if (address.kind === "port" && address.port > 0 && isLocal(address)) {
    const value = `${address.host}:${address.port}`;
    return variables.map((name) => `export ${name}='${value}'`).join("\n");
  }
  throw new DecantError(
    "ADDRESS_UNUSABLE",
    "Cannot print variables for this address: Google's libraries want a port and send no secret",
    { kind: "usage", hint: "Name a port of this machine, as in --listen 127.0.0.1:8178." },
  );
}
