import { Command } from "@oclif/core";

export default class Streams extends Command {
  static override readonly summary = "List what can be exported, with its columns";
  static override readonly description =
    "Columns are what sinks made of tables show. Every sink that keeps JSON keeps the whole row.";
  static override readonly examples = ["<%= config.bin %> streams"];

  async run(): Promise<void> {
    await this.parse(Streams);
    const [{ createSentrySource }, { formatPaths }, { formatTable }, { writeStdout }] =
      await Promise.all([
        import("@decant/sentry-source"),
        import("../text/format-paths.ts"),
        import("../text/format-table.ts"),
        import("../terminal/write-stdout.ts"),
      ]);
    // Nothing is asked of a server before an export is planned.
    const { streams } = createSentrySource({ token: "not-used" });
    const sections = streams.map(({ name, columns }) => {
      const rows = columns.map((column) => [
        `  ${column.name}`,
        column.type,
        formatPaths(column.paths),
      ]);
      return `sentry ${name}\n${formatTable(rows)}`;
    });
    await writeStdout(`${sections.join("\n\n")}\n`);
  }
}
