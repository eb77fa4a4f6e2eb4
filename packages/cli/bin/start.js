// An `import` of these would load their streams and promises too, for which printing has no time.
const { readFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");

const root = join(import.meta.dirname, "..");
const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === "--version") {
  // The same line as oclif prints, at a third of its cost.
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.log(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}`);
} else if (!(await recalled())) {
  if (isLong()) limitGarbage();
  // In a folder of the user's own: the default lies in the shared folder for temporary files.
  const { homedir } = process.getBuiltinModule("node:os");
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const { enableCompileCache } = process.getBuiltinModule("node:module");
  enableCompileCache?.(join(caches, "decant", "compile"));
  const { main } = await import("../dist/main.js");
  await main(root, argv);
}

/** Whether the command printed a token, and this process could print it again at once. */
async function recalled() {
  const isPrinting = argv[0] === "auth" && /^print(-identity)?-token$/.test(argv[2] ?? "");
  return isPrinting && (await import("../dist/recall.cjs")).recall();
}

/** Whether the command may run for long. */
function isLong() {
  const movesData = ["demo", "export", "resume", "verify"].includes(argv[0] ?? "");
  return (movesData || argv[2] === "serve") && !argv.includes("--help");
}

/**
 * V8 sizes its young generation by the machine, and on a large one lets a long export collect more
 * than a hundred megabytes of garbage, for no gain in speed. So it stays as it is at start, and the
 * old one is collected once it has grown by less than half.
 */
function limitGarbage() {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=40");
}
