// What validation costs with Zod: prints the median time of a call of each kind, in nanoseconds, as JSON.
import { z } from 'zod';

const workflow = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(120),
  owner_email: z.email(),
  callback_url: z.url(),
  priority: z.int().min(1).max(5),
  steps: z
    .array(z.object({ key: z.string().regex(/^[a-z][a-z0-9-]*$/), timeout_ms: z.int().min(1).max(86_400_000) }))
    .min(1)
    .max(20),
});
const login = z.object({ user_id: z.uuid(), email: z.email(), attempts: z.int().min(1).max(10) });

function median(call) {
  const end = performance.now() + 400;
  let calls = 0;
  while (performance.now() < end) { call(); calls++; }
  const batch = Math.max(1, Math.round(calls / 200));
  const times = [];
  for (let round = 0; round < 101; round++) {
    const begun = performance.now();
    for (let n = 0; n < batch; n++) call();
    times.push(((performance.now() - begun) * 1e6) / batch);
  }
  return times.sort((a, b) => a - b)[50];
}

function issues(schema, value, expected) {
  const result = schema.safeParse(value);
  const found = result.success ? 0 : result.error.issues.length;
  if (found !== expected) throw new Error(`${found} issues instead of ${expected}: ${JSON.stringify(result.error)}`);
}

const times = {};
const [large, largeBad, small, smallBad] = process.argv.slice(2);
for (const [name, schema, good, bad, wrong] of [['large', workflow, large, largeBad, 3], ['small', login, small, smallBad, 2]]) {
  const value = JSON.parse(good);
  times[`${name}: validate a typed value`] = median(() => issues(schema, value, 0));
  times[`${name}: parse and validate`] = median(() => issues(schema, JSON.parse(good), 0));
  times[`${name}: report ${wrong} bad fields`] = median(() => issues(schema, JSON.parse(bad), wrong));
}
console.log(JSON.stringify(times));
