import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Config } from "@oclif/core";
import { configFolder } from "../config/config-folder.ts";
import { readEnv } from "../config/read-env.ts";
import { extendConfig } from "../plugins/extend-config.ts";
import { approveSource } from "./approve-source.ts";
import type { CheckedPackage } from "./check-package.ts";
import { describeGifts } from "./describe-plugins.ts";
import { findPlugins } from "./find-plugins.ts";
import { installPlugin } from "./install-plugin.ts";
import { linkPlugin } from "./link-plugin.ts";
import { parsePluginSource } from "./plugin-source.ts";
import { listPlugins, removePlugin } from "./plugin-store.ts";
import type { NpmPermissions } from "./run-npm.ts";
import { trustFile } from "./trusted-names.ts";

/** What the commands under `decant plugins` do. */
export interface PluginChanges {
  install(texts: readonly string[], options: NpmPermissions & { yes: boolean }): Promise<void>;
  link(path: string): Promise<void>;
  uninstall(names: readonly string[]): Promise<void>;
  update(names: readonly string[], options: NpmPermissions): Promise<void>;
}

/** Makes the changes to the plugins of this user, and says each on standard error. */
export function changePlugins(config: Config): PluginChanges {
  const { dataDir } = config;
  const others = config.getPluginsList();
  return {
    async install(texts, { yes, ...permissions }) {
      const settings = join(configFolder({ home: homedir(), env: readEnv }), "decant");
      const sources = texts.map((text) => parsePluginSource(text, process.cwd()));
      const approval = { yes, allowRemote: permissions.remote, trustFile: trustFile(settings) };
      for (const source of sources) await approveSource(source, approval);
      for (const source of sources) {
        say(`Installing ${source.spec} ...`);
        const found = await installPlugin(source, { dataDir, others, ...permissions });
        say(`Installed ${describe(found)}`);
      }
      await refresh(config);
    },
    async link(path) {
      const found = await linkPlugin(path, { dataDir, others });
      say(`Linked ${describe(found)}`);
      await refresh(config);
    },
    async uninstall(names) {
      for (const { name } of await findPlugins(dataDir, names)) {
        await removePlugin(dataDir, name);
        say(`Removed ${name}`);
      }
      await refresh(config);
    },
    async update(names, permissions) {
      const all = names.length > 0 ? await findPlugins(dataDir, names) : await listPlugins(dataDir);
      for (const { name, source, spec, fixed } of all) {
        if (source === "link" || fixed) {
          say(`Left ${name} as it is: ${source === "link" ? "it is a link" : `it is ${spec}`}`);
          continue;
        }
        const found = await installPlugin(
          { kind: source, spec, fixed },
          { dataDir, others, ...permissions },
        );
        say(`Updated ${describe(found)}`);
      }
      await refresh(config);
    },
  };
}

/** Completion lists the flags of plugins, too. Who never asked for it has no list to bring up to date. */
async function refresh({ root, cacheDir }: Config): Promise<void> {
  if (!existsSync(join(cacheDir, "autocomplete"))) return;
  const config = await Config.load({ root });
  extendConfig(config);
  await config.runHook("plugins:postinstall", {});
}

function describe({ name, version, gives }: CheckedPackage): string {
  const gifts = { sinks: [...gives.sinks.keys()], auth: [...gives.auth.keys()] };
  return `${name} ${version}: ${describeGifts(gifts)}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
