// Sends an order with the TypeScript client, unchanged, to whatever takes Inngest's events: node events.mjs <origin> <key>
import { Inngest } from "inngest";

const [origin, eventKey] = process.argv.slice(2);
const client = new Inngest({ id: "storefront", baseUrl: origin, eventKey });
const placed = { name: "order/placed", data: { order: 7, cents: 1250 } };
// The second one is the first again: its id says so.
const { ids } = await client.send([{ ...placed, id: "order-7" }, { ...placed, id: "order-7" }, placed]);
console.log(`sent ${ids.length}`);
try {
  await client.send({ name: "order/placed", data: { order: 8, cents: -1 } });
} catch (error) {
  console.log(`refused: ${error.message}`);
}
