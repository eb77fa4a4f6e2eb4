import type { Effects } from "./effects.ts";

/**
 * The folder where gcloud keeps its files: CLOUDSDK_CONFIG, else where each system has such.
 * `undefined` where no home is known.
 */
export function gcloudFolder(env: Effects["env"]): string | undefined {
  const given = env("CLOUDSDK_CONFIG");
  if (given) return given.replace(/[/\\]+$/, "");
  const appData = env("APPDATA");
  if (appData) return `${appData}/gcloud`;
  const home = env("HOME");
  return home ? `${home.replace(/\/+$/, "")}/.config/gcloud` : undefined;
}
