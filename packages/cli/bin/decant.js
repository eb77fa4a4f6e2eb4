#!/usr/bin/env node
// Plain JavaScript that old versions of Node can parse, so that they can say what they lack.

var required = [22, 18];
var found = process.versions.node.split(".").map(Number);

if (found[0] < required[0] || (found[0] === required[0] && found[1] < required[1])) {
  console.error(
    "decant needs Node " +
      required.join(".") +
      " or later, and this is Node " +
      process.versions.node +
      ": install a newer one from https://nodejs.org",
  );
  process.exitCode = 2;
} else {
  import("./start.js").catch((error) => {
    console.error(`Error: decant cannot start: ${error.message}`);
    process.exitCode = 1;
  });
}
