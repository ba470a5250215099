// Compiles every schema with ajv, and compares its verdicts with those of Rust.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const folder = process.argv[2];
const vectors = JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"));
const known = new Set(Object.keys(JSON.parse(readFileSync("differences.json", "utf8")).ajv));
let wrong = 0;
for (const [name, payloads] of Object.entries(vectors)) {
  for (const file of readdirSync(join(folder, name))) {
    // Unknown keywords are those with `x-`.
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(join(folder, name, file), "utf8")));
    if (file.endsWith(".written.json")) continue;
    for (const [payload, accepted] of payloads) {
      if (validate(payload) === accepted || known.has(name)) continue;
      if (wrong++ < 40) console.error(name, JSON.stringify(payload), "Rust:", accepted, "ajv:", !accepted, JSON.stringify(validate.errors?.[0] ?? null));
    }
  }
}
process.exit(wrong === 0 ? 0 : 1);
