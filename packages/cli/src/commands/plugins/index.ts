import { Command, Flags } from "@oclif/core";

export default class Plugins extends Command {
  static override readonly summary = "List the installed plugins, and what they give";
  static override readonly examples = [
    "<%= config.bin %> plugins",
    "<%= config.bin %> plugins --json",
  ];
  static override readonly flags = {
    json: Flags.boolean({ description: "As JSON" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Plugins);
    const [{ readRegistry }, { listPlugins }, { describePlugins, formatPlugins }, { writeStdout }] =
      await Promise.all([
        import("../../plugins/read-registry.ts"),
        import("../../plugin-manager/plugin-store.ts"),
        import("../../plugin-manager/describe-plugins.ts"),
        import("../../terminal/write-stdout.ts"),
      ]);
    const loaded = this.config.getPluginsList();
    const plugins = describePlugins(await listPlugins(this.config.dataDir), {
      registry: readRegistry(loaded),
      versions: new Map(loaded.map(({ name, version }) => [name, version])),
    });
    const text = flags.json ? JSON.stringify(plugins, undefined, 2) : formatPlugins(plugins);
    await writeStdout(`${text}\n`);
  }
}
