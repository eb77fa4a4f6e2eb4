// An `import` of these would load their streams and promises too, for which printing has no time.
const { lstatSync, mkdirSync, readFileSync, statSync } = process.getBuiltinModule("node:fs");
const { isAbsolute, join } = process.getBuiltinModule("node:path");

const root = join(import.meta.dirname, "..");
const argv = process.argv.slice(2);

if (!process.env.HOME) findHome();
if (argv.length === 1 && argv[0] === "--version") {
  // The same line as oclif prints, at a third of its cost.
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.log(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}`);
} else if (!(await recalled())) {
  keepCompiled();
  const { main } = await import("../dist/main.js");
  await main(root, argv);
}

/** Whether the command printed a token, and this process could print it again at once. */
async function recalled() {
  const isPrinting = argv[0] === "auth" && /^print(-identity)?-token$/.test(argv[2] ?? "");
  return isPrinting && (await import("../dist/recall.cjs")).recall();
}

/** A user without a name, as in a container, may have no home: "/" then, as container engines set it. */
function findHome() {
  // One that is set to nothing would be the folder that we are in.
  delete process.env.HOME;
  try {
    process.getBuiltinModule("node:os").homedir();
  } catch {
    process.env.HOME = "/";
  }
}

/**
 * Keeps compiled code for the next start. Whoever can change it can make this user run anything, so that
 * it is in folders that nobody else can write to, or not kept.
 */
function keepCompiled() {
  const { homedir } = process.getBuiltinModule("node:os");
  const given = process.env.XDG_CACHE_HOME ?? "";
  const caches = isAbsolute(given) ? given : join(homedir(), ".cache");
  const own = join(caches, "decant");
  const folder = join(own, "compile");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The first may be a link to another disk; in a shared one others can make the next.
    if (![statSync(caches), lstatSync(own), lstatSync(folder)].every(isOurs)) return;
  } catch {
    return;
  }
  process.getBuiltinModule("node:module").enableCompileCache(folder);
}

/** Whether only this user and root can put something else in place of what is in a folder. */
function isOurs({ uid, mode }) {
  const user = process.getuid?.();
  if (user === undefined) return true; // Windows: lists of access make it so.
  const isSticky = (mode & 0o1000) !== 0;
  return [user, 0].includes(uid) && (isSticky || (mode & 0o022) === 0);
}
