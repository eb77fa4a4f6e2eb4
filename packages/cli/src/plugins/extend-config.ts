import type { Command, Config, Interfaces } from "@oclif/core";
import { authVerbs } from "./auth-verbs.ts";
import { describeAuthCommand } from "./describe-auth-command.ts";
import { helpText } from "./help-text.ts";
import { describeFlags } from "./option-flags.ts";
import { readRegistry } from "./read-registry.ts";
import type { Registry } from "./registry.ts";

/**
 * Adds what plugins give to the program's own commands, so that help, completion and the search for
 * a command see it: the commands of each auth provider, and the flags of each sink. The
 * program's plugin keeps its list of commands when oclif loads its configuration anew for a run.
 *
 * @returns What was read.
 */
export function extendConfig(config: Config): Registry {
  const registry = readRegistry(config.getPluginsList());
  const own = config.plugins.get(config.name);
  if (!own) throw new Error(`oclif lost its root plugin "${config.name}"`);
  for (const command of own.commands) {
    if (command.id === "export:sentry") addSinkFlags(command, registry);
  }
  const { topics = {} } = own.pjson.oclif;
  for (const provided of registry.auth.values()) {
    topics[`auth:${provided.name}`] = { description: helpText(provided.entry.summary) };
    topics[`auth:${provided.name}:helper`] = { description: "Give tokens to another program" };
    for (const verb of authVerbs) {
      if (verb.isFor?.(provided.entry) === false) continue;
      own.commands.push({
        ...describeAuthCommand(provided, verb),
        pluginName: own.name,
        pluginType: own.type,
        load: async () => {
          const { authCommand } = await import("./auth-command.ts");
          return Object.assign(authCommand(provided, verb), { plugin: own });
        },
      });
    }
  }
  for (const plugin of config.getPluginsList()) {
    if (plugin.type !== "core") tame(plugin);
    for (const command of plugin.commands) splitSummary(command);
  }
  return registry;
}

function addSinkFlags(command: Command.Loadable, { sinks }: Registry): void {
  const sink = command.flags["sink"];
  if (sink?.type === "option") sink.options = [...sinks.keys()];
  for (const { name, entry } of sinks.values()) {
    const naming = { prefix: `${name}-`, group: `SINK ${name}` };
    // A flag of the command itself wins.
    command.flags = { ...describeFlags(entry.options ?? {}, naming), ...command.flags };
  }
}

/** Code of an installed plugin must run only when the plugin was chosen, not on every start. */
function tame(plugin: Interfaces.Plugin): void {
  for (const event of Object.keys(plugin.hooks)) delete plugin.hooks[event];
  for (const command of plugin.commands) {
    if (command.summary) command.summary = helpText(command.summary);
    if (command.description)
      command.description = command.description.split("\n").map(helpText).join("\n");
  }
}

/**
 * Splits what a command says of itself into one line and one paragraph: with the summary above it,
 * the help shows the last line of a description only.
 */
function splitSummary(command: Command.Loadable): void {
  // oclif's own command comes without any text.
  if (command.id === "version") command.summary ??= "Show the version of decant and of Node";
  const lines = (command.description ?? "").split("\n").map((line) => line.trim());
  command.summary ??= lines.shift() ?? "";
  command.description = lines.filter(Boolean).join(" ");
}
