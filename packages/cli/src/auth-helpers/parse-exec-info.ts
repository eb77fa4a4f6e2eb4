import { DecantError } from "@decant/core";

const group = "client.authentication.k8s.io";
const versions = [`${group}/v1`, `${group}/v1beta1`];

/**
 * Reads from `KUBERNETES_EXEC_INFO` in which version a client of Kubernetes wants its answer. When it is
 * not set, somebody has run the command by hand, and gets v1.
 *
 * @throws {DecantError} `EXEC_INFO_INVALID`.
 */
export function parseExecInfo(text: string | undefined): string {
  if (text === undefined) return `${group}/v1`;
  const { apiVersion, kind } = parse(text);
  if (kind !== "ExecCredential") throw refuse("it is no ExecCredential");
  const version = versions.find((known) => known === apiVersion);
  if (version !== undefined) return version;
  throw refuse(`it wants version ${JSON.stringify(apiVersion)?.slice(0, 80)}`);
}

function parse(text: string): { readonly apiVersion?: unknown; readonly kind?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw refuse("it is not JSON");
  }
}

function refuse(state: string): DecantError {
  return new DecantError("EXEC_INFO_INVALID", `Cannot answer "KUBERNETES_EXEC_INFO": ${state}`, {
    kind: "usage",
    hint: `Let apiVersion in the kubeconfig be ${versions.join(" or ")}.`,
  });
}
