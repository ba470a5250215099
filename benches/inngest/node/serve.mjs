// The function of the benchmark with the TypeScript SDK, on Node's own HTTP server: prints the port.
import { createServer } from "node:http";
import { Inngest } from "inngest";
import { serve } from "inngest/node";

const client = new Inngest({ id: "bench", isDev: true, checkpointing: false });
const run = client.createFunction(
  { id: "job-started-runner", triggers: [{ event: "job/started" }], checkpointing: false },
  async ({ event, step }) => step.run("double", () => event.data.n * 2),
);

const server = createServer(serve({ client, functions: [run] }));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
