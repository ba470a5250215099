// Parses the document with AsyncAPI's own parser: no error, no warning; and validates each example against its payload.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import formats from "ajv-formats";

const text = readFileSync(join(process.argv[2], "asyncapi.json"), "utf8");
const { document, diagnostics } = await new Parser().parse(text);
// That 3.1 is out is only told.
const found = diagnostics.filter((one) => one.severity <= DiagnosticSeverity.Warning);
for (const one of found) console.error(one.code, one.message, one.path.join("."));
if (found.length > 0 || !document) process.exit(1);
const raw = JSON.parse(text);
let examples = 0;
for (const [name, message] of Object.entries(raw.components.messages)) {
  const ajv = new Ajv({ strict: false });
  formats(ajv);
  const validate = ajv.compile({ ...message.payload, components: raw.components });
  for (const { payload } of message.examples ?? []) {
    examples++;
    if (!validate(payload)) { console.error(name, payload, validate.errors); process.exit(1); }
  }
}
if (document.allMessages().all().length === 0 || examples === 0) process.exit(1);
