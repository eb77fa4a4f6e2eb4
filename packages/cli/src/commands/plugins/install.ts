import { Args, Command, Flags } from "@oclif/core";

export default class PluginsInstall extends Command {
  static override readonly aliases = ["plugins:add"];
  static override readonly summary = "Install plugins, or another version of them";
  static override readonly description = `
npm fetches them, with its own settings, and runs none of their scripts. Plugins of @decant come without a
question. Others are asked for, unless --yes was given or their name is in the file trusted-plugins of
decant's settings.`.trim();
  static override readonly examples = [
    "<%= config.bin %> <%= command.id %> @decant/sink-parquet",
    "<%= config.bin %> <%= command.id %> decant-plugin-kafka@2 --yes",
    "<%= config.bin %> <%= command.id %> ./acme-sink-1.0.0.tgz --yes",
  ];
  static override readonly args = {
    plugin: Args.string({
      description: "Package names, with a version or without, or tarballs",
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override readonly flags = {
    yes: Flags.boolean({ char: "y", description: "Trust these plugins, and do not ask" }),
    "allow-scripts": Flags.boolean({
      description: "Let packages run scripts while they are installed",
    }),
    "allow-remote": Flags.boolean({
      description: "Let packages come from git and from web addresses",
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PluginsInstall);
    const { changePlugins } = await import("../../plugin-manager/change-plugins.ts");
    await changePlugins(this.config).install([args.plugin].flat(), {
      yes: flags.yes,
      scripts: flags["allow-scripts"],
      remote: flags["allow-remote"],
    });
  }
}
