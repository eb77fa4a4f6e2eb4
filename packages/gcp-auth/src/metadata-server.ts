import { credentialError } from "./credential-error.ts";
import type { Effects } from "./effects.ts";

// The address that each virtual machine has for it, without asking a name server.
const usualHost = "169.254.169.254";
const variables = ["GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT"] as const;

/** Where the metadata server is. */
export interface MetadataServer {
  /** `http://HOST`, with no slash at the end. */
  readonly url: string;
  /** The variable that names it. Absent: it is where each virtual machine has it. */
  readonly variable?: string;
}

/**
 * Finds where the metadata server is: at the host that GCE_METADATA_HOST names, as Google's
 * libraries have it, else GCE_METADATA_IP, else GCE_METADATA_ROOT, which is gcloud's own.
 *
 * @throws {DecantError} `GCP_URL_UNSAFE` for what is no host.
 */
export function metadataServer(env: Effects["env"]): MetadataServer {
  const variable = variables.find((name) => env(name));
  const host = variable === undefined ? usualHost : env(variable)!;
  const url = /^https?:\/\//.test(host) ? host : `http://${host}`;
  if (!URL.canParse(url) || new URL(url).pathname !== "/" || new URL(url).search !== "") {
    throw credentialError(variable ?? usualHost, {
      code: "GCP_URL_UNSAFE",
      state: "it is no host",
      hint: `Set ${variable} to a host and port, such as 127.0.0.1:8080.`,
    });
  }
  return { url: new URL(url).origin, ...(variable !== undefined && { variable }) };
}
