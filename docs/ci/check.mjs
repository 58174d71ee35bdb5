// Starts a server from workspace.json, seeds it, asks it like a dashboard would, stops it. Node 18 or newer.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const secret = "only-for-this-test";
const workspace = fileURLToPath(new URL("workspace.json", import.meta.url));
const server = spawn(
  process.env.IOTMAN_SERVER ?? "iotman-server",
  ["serve", "--ephemeral", "--listen", "127.0.0.1:0", "--workspace", workspace],
  { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, DASHBOARD_SECRET: secret } },
);

async function ready() {
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length);
  }
  throw new Error("the server did not start");
}

async function call(url, options) {
  const answer = await fetch(url, options);
  assert.ok(answer.ok, `${answer.status} of ${url}`);
  return answer.json();
}

try {
  const url = await ready();
  const rows = [{ at: 1, room: "attic", celsius: 24.5 }, { at: 2, room: "cellar", celsius: 11 }];
  assert.deepEqual(await call(`${url}/data/in/rooms`, { method: "POST", body: JSON.stringify(rows) }), { accepted: 2 });

  const { access_token: token } = await call(`${url}/oauth/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`dashboard:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const page = await call(`${url}/data/out/warm?limit=10`, { headers: { Authorization: `Bearer ${token}` } });
  assert.deepEqual(page, { data: [{ at: 1, room: "attic", celsius: 24.5 }], next_page: null });
  console.log("passed");
} finally {
  server.kill();
}
