// Why: whoever clones this may have any Node, and what an old one says about newer syntax helps
// nobody. Plain old JavaScript, because this is the one file that an old Node must understand.
var major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(
    "Cannot set up the workspace with Node " +
      process.versions.node +
      ": it takes Node 20 or newer to install the rest. See https://nodejs.org/en/download.",
  );
  process.exit(1);
}
