// Compiles the export with `tsc --strict`, and compares the verdicts of Zod with those of Rust.
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noUnusedLocals: true, target: "es2022",
      module: "nodenext", moduleResolution: "nodenext", outDir: "out", skipLibCheck: true, types: [],
    },
    include: ["*.ts"],
  }),
);
try {
  execFileSync(resolve("node_modules/.bin/tsc"), ["-p", folder], { stdio: "pipe" });
} catch (error) {
  console.error(String(error.stdout));
  process.exit(1);
}
const { schemas } = await import(pathToFileURL(join(folder, "out/index.js")));
const events = Object.values(await import(pathToFileURL(join(folder, "out/inngest.js"))));
const vectors = JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"));
const known = new Set(Object.keys(JSON.parse(readFileSync("differences.json", "utf8")).zod));
let wrong = 0;
let seen = new Set();
for (const [name, payloads] of Object.entries(vectors)) {
  for (const [payload, accepted] of payloads) {
    const result = schemas[name].safeParse(payload);
    if (result.success === accepted) continue;
    if (known.has(name)) { seen.add(name); continue; }
    if (wrong++ < 40) console.error(name, JSON.stringify(payload), "Rust:", accepted, "Zod:", result.success, result.error?.issues?.[0]?.message ?? "");
  }
}
// A service in TypeScript sends: what its Inngest client would put on the wire, validated as that does.
const sent = [];
for (const type of events) {
  for (const [payload, accepted] of vectors[type.name].slice(0, 50)) {
    if (!accepted || known.has(type.name)) continue;
    const event = type.create(payload);
    await event.validate();
    sent.push(JSON.parse(JSON.stringify(event)));
  }
}
writeFileSync(join(folder, "sent.json"), JSON.stringify(sent));
process.exit(wrong === 0 ? 0 : 1);
