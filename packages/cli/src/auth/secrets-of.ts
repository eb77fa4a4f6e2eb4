import { homedir } from "node:os";
import { join } from "node:path";
import type { SecretStore } from "@decant/core";
import { configFolder } from "../config/config-folder.ts";
import { readEnv } from "../config/read-env.ts";

/** The secrets that a provider keeps from run to run, in the folder for settings. Nothing is loaded before one is asked for. */
export function secretsOf(provider: string): SecretStore {
  const open = async () => {
    const { secretStore } = await import("@decant/token-cache");
    return secretStore({
      folder: join(configFolder({ home: homedir(), env: readEnv }), "decant", "secrets", provider),
      ...(process.getuid && { uid: process.getuid() }),
    });
  };
  return {
    get: async (name) => (await open()).get(name),
    update: async (name, change, options) => (await open()).update(name, change, options),
  };
}
