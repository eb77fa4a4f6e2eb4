import { Command } from "@oclif/core";

export default class AuthList extends Command {
  static override readonly summary = "List the auth providers";
  static override readonly description =
    "Those of installed plugins are among them. Each has its own print-token.";
  static override readonly examples = ["<%= config.bin %> auth list"];

  async run(): Promise<void> {
    await this.parse(AuthList);
    const [{ readRegistry }, { formatTable }, { writeStdout }] = await Promise.all([
      import("../../plugins/read-registry.ts"),
      import("../../text/format-table.ts"),
      import("../../terminal/write-stdout.ts"),
    ]);
    const { auth } = readRegistry(this.config.getPluginsList());
    const rows = [...auth.values()].map(({ name, entry, plugin }) => [
      name,
      entry.summary,
      `(${plugin})`,
    ]);
    await writeStdout(`${formatTable(rows)}\n`);
  }
}
