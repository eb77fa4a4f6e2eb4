import { Args, Command } from "@oclif/core";

export default class PluginsLink extends Command {
  static override readonly summary = "Use a plugin from the folder that it is written in";
  static override readonly description = "What is built there is what runs. Nothing is installed.";
  static override readonly examples = ["<%= config.bin %> <%= command.id %> ."];
  static override readonly args = {
    path: Args.string({
      description: "The folder of the plugin's package.json",
      required: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(PluginsLink);
    const { changePlugins } = await import("../../plugin-manager/change-plugins.ts");
    await changePlugins(this.config).link(args.path);
  }
}
