// Checks AsyncAPI documents: `node check.cjs <the bundle> <document>...`.
// Prints a JSON object: document -> [[severity, code, message, path], ...]; severity 0 is an error.
const fs = require("node:fs");

// The bundle is made for browsers and looks for its global object; nothing else of one is needed.
globalThis.self = globalThis.window = globalThis;
const Parser = require(process.argv[2]);

async function main() {
  const told = {};
  for (const file of process.argv.slice(3)) {
    const { diagnostics } = await new Parser().parse(fs.readFileSync(file, "utf8"));
    told[file] = diagnostics.map((d) => [d.severity, d.code, d.message, d.path.join("/")]);
  }
  process.stdout.write(JSON.stringify(told));
}

main();
