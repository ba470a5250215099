// Reads the folder with the SDK of EventCatalog.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sdk from "@eventcatalog/sdk";

const folder = process.argv[2];
const { getEvents, getEvent, getService, getSchemaForMessage } = sdk.default ? sdk.default(folder) : sdk(folder);
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
const events = await getEvents();
const names = new Set(events.map((event) => event.name));
for (const name of expected) {
  if (!names.has(name)) { console.error("missing", name); process.exit(1); }
}
const first = await getEvent(expected[0].replaceAll("/", "."));
const service = await getService("app");
const schema = await getSchemaForMessage(first.id, first.version);
if (!first.summary || !service.sends || !schema?.schema) { console.error(first, service, schema); process.exit(1); }
