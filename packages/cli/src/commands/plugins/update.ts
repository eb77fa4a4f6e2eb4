import { Args, Command, Flags } from "@oclif/core";

export default class PluginsUpdate extends Command {
  static override readonly summary = "Bring plugins to the newest version that was asked for";
  static override readonly description =
    "One that was installed as NAME@2 stays below 3. Tarballs, links and exact versions stay as they are.";
  static override readonly examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> @decant/sink-parquet",
  ];
  static override readonly args = {
    plugin: Args.string({
      description: "Names of plugins [default: all]",
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    "allow-scripts": Flags.boolean({
      description: "Let packages run scripts while they are installed",
    }),
    "allow-remote": Flags.boolean({
      description: "Let packages come from git and from web addresses",
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PluginsUpdate);
    const { changePlugins } = await import("../../plugin-manager/change-plugins.ts");
    await changePlugins(this.config).update([args.plugin ?? []].flat(), {
      scripts: flags["allow-scripts"],
      remote: flags["allow-remote"],
    });
  }
}
