import { DecantError } from "@decant/core";
import type { Effects } from "./effects.ts";
import { type MetadataServer, metadataServer } from "./metadata-server.ts";

/** What is known of the metadata server without asking it. */
export type Detection = "present" | "absent" | "unknown";

// Cloud Run and the older Cloud Functions set these.
const serverless = ["K_SERVICE", "CLOUD_RUN_JOB", "FUNCTION_NAME", "FUNCTION_TARGET"];
const mostRetries = 10;
const productFile = "/sys/class/dmi/id/product_name";

/**
 * Tells whether there is a metadata server, by the rules of Google's libraries: `NO_GCE_CHECK`
 * and `METADATA_SERVER_DETECTION` first, then whether the environment names the server or is that of
 * Cloud Run, then what the firmware of the machine says.
 *
 * @throws {DecantError} `GCP_DETECTION_INVALID`.
 */
export async function detectMetadata(effects: Effects): Promise<Detection> {
  const { env } = effects;
  const rule = env("METADATA_SERVER_DETECTION")?.trim().toLowerCase() ?? "";
  switch (rule) {
    case "assume-present":
      return "present";
    case "none":
      return "absent";
    case "bios-only":
      return (await isGoogleMachine(effects)) ? "present" : "absent";
    case "ping-only":
      return "unknown";
    case "":
      break;
    default:
      throw new DecantError(
        "GCP_DETECTION_INVALID",
        `Cannot use METADATA_SERVER_DETECTION ${JSON.stringify(rule.slice(0, 50))}: it is not known`,
        {
          kind: "usage",
          hint: "Set it to assume-present, none, bios-only or ping-only, or not at all.",
        },
      );
  }
  if (/^(1|true)$/i.test(env("NO_GCE_CHECK") ?? "")) return "absent";
  if (metadataServer(env).variable !== undefined) return "present";
  if (serverless.some((name) => env(name)) || (await isGoogleMachine(effects))) return "present";
  return "unknown";
}

async function isGoogleMachine({ readFile }: Effects): Promise<boolean> {
  try {
    const bytes = await readFile?.(productFile);
    return bytes !== undefined && /^Google\b/.test(new TextDecoder().decode(bytes));
  } catch {
    return false;
  }
}

/** How long the server may take to show that it is there, in milliseconds. */
function pingTimeoutMs({ env }: Effects): number {
  // A machine that is none of Google's gets no answer at all, so that each one waits that long.
  const seconds = Number(env("GCE_METADATA_TIMEOUT"));
  return seconds > 0 ? seconds * 1000 : 1_000;
}

/**
 * Whether the server answers as only it does. It is asked once, or more often where
 * DETECT_GCP_RETRIES says so, and not for anything secret.
 */
export async function pingMetadata(
  server: MetadataServer,
  options: Effects & { readonly signal: AbortSignal },
): Promise<boolean> {
  const retries = Math.min(Number(options.env("DETECT_GCP_RETRIES")) || 0, mostRetries);
  for (let tries = 0; tries <= retries; tries++) {
    if (await pingOnce(server, options)) return true;
  }
  return false;
}

async function pingOnce(
  { url }: MetadataServer,
  options: Effects & { readonly signal: AbortSignal },
): Promise<boolean> {
  const timeout = AbortSignal.timeout(pingTimeoutMs(options));
  try {
    const response = await options.fetch(url, {
      headers: { "metadata-flavor": "Google" },
      redirect: "manual",
      signal: AbortSignal.any([options.signal, timeout]),
    });
    await response.body?.cancel();
    return response.headers.get("metadata-flavor") === "Google";
  } catch {
    options.signal.throwIfAborted();
    return false;
  }
}
