// Reads the samples with the SDK of CloudEvents.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CloudEvent, HTTP } from "cloudevents";

const folder = process.argv[2];
const files = readdirSync(folder);
for (const file of files) {
  const body = readFileSync(join(folder, file), "utf8");
  const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  if (!(event instanceof CloudEvent) || !event.validate() || !event.type || typeof event.data !== "object") {
    console.error(file, event);
    process.exit(1);
  }
}
process.exit(files.length > 0 ? 0 : 1);
