import { Args, Command } from "@oclif/core";

export default class PluginsUninstall extends Command {
  static override readonly aliases = ["plugins:remove", "plugins:unlink"];
  static override readonly summary = "Remove plugins";
  static override readonly description = "Of a linked plugin only the link goes.";
  static override readonly examples = ["<%= config.bin %> <%= command.id %> @decant/sink-parquet"];
  static override readonly args = {
    plugin: Args.string({
      description: "Names of plugins",
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(PluginsUninstall);
    const { changePlugins } = await import("../../plugin-manager/change-plugins.ts");
    await changePlugins(this.config).uninstall([args.plugin].flat());
  }
}
