// Why: whoever types `npm run demo` wants the demo, not the log of a build. Runs a command, shows
// one line for it, and the whole output only when it fails: node quietly.cjs TITLE COMMAND...
const { spawn } = require("node:child_process");

const [title, ...command] = process.argv.slice(2);
const started = Date.now();
const output = [];

process.stderr.write(`${title} ... `);
// Through a shell, because on Windows the commands of npm are scripts. Nothing here comes from outside.
const child = spawn(command.join(" "), {
  shell: true,
  stdio: ["ignore", "pipe", "pipe"],
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
});
child.stdout.on("data", (bytes) => output.push(bytes));
child.stderr.on("data", (bytes) => output.push(bytes));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("close", (code, signal) => {
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `done in ${seconds} s\n` : "failed\n\n");
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    process.stderr.write(`\nCannot run "${command.join(" ")}": it ended with ${signal ?? code}\n`);
  }
  process.exitCode = code ?? 1;
});
