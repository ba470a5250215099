// Opens what the Rust side has sealed, and seals what it opens, with the middleware of the TypeScript SDK. Reads one JSON object
// from the standard input, writes one to the standard output: node encryption.mjs <key> [former key]
import { readFileSync } from "node:fs";
import { encryptionMiddleware } from "@inngest/middleware-encryption";
import { Inngest } from "inngest";

const [key, former] = process.argv.slice(2);
const Encryption = encryptionMiddleware({
  key,
  fallbackDecryptionKeys: former ? [former] : [],
  eventEncryptionField: "note",
});
const encryption = new Encryption({ client: new Inngest({ id: "storefront" }) });
const { event, result, send, returns } = JSON.parse(readFileSync(0, "utf8"));
const { ctx } = await encryption.transformFunctionInput({ ctx: { event, events: [event] } });
const { events } = await encryption.transformSendEvent({ events: [send] });
console.log(
  JSON.stringify({
    opened: { event: ctx.event, result: await encryption.wrapStep({ next: async () => result }) },
    sealed: { event: events[0], result: await encryption.wrapFunctionHandler({ next: async () => returns }) },
  }),
);
