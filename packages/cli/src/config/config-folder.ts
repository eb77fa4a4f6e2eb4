import { isAbsolute, join } from "node:path";

/** Where settings may lie. */
export interface SettingsPlaces {
  readonly home: string;
  env(name: string): string | undefined;
  /** @default {process.platform} */
  readonly platform?: NodeJS.Platform;
}

/**
 * The folder of sentry-cli in the system's folder for settings, which is `XDG_CONFIG_HOME` on Linux,
 * `~/Library/Application Support` on macOS, and `APPDATA` on Windows.
 *
 * Source: https://docs.sentry.io/cli/configuration/
 */
export function sentryConfigFolder({
  home,
  env,
  platform = process.platform,
}: SettingsPlaces): string {
  if (platform === "darwin") return join(home, "Library", "Application Support", "sentry");
  if (platform === "win32") return join(env("APPDATA") ?? home, "sentry");
  return join(configFolder({ home, env }), "sentry");
}

/** The folder for settings. A relative path in the variable does not count (XDG Base Directory Specification). */
export function configFolder({ home, env }: SettingsPlaces): string {
  const base = env("XDG_CONFIG_HOME");
  return base !== undefined && isAbsolute(base) ? base : join(home, ".config");
}
