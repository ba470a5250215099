// A TypeScript app that places an order, and is told its price by the Rust app: node app.mjs <origin of the server>
import { createServer } from "node:http";
import { Inngest } from "inngest";
import { serve } from "inngest/node";

const [origin] = process.argv.slice(2);
const client = new Inngest({ id: "storefront", isDev: true, baseUrl: origin });
const show = client.createFunction(
  { id: "order-priced-display", triggers: [{ event: "order/priced" }] },
  async ({ event, step }) => {
    await step.run("show", () => console.log(`order ${event.data.order} costs ${event.data.total}`));
  },
);
const server = createServer(serve({ client, functions: [show] }));
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/api/inngest`;
  await fetch(url, { method: "PUT" });
  await client.send({ name: "order/placed", data: { order: 7, cents: 1250 } });
});
