import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./server.js";

let server: Awaited<ReturnType<typeof start>>;
before(async () => {
  server = await start();
});
after(() => server.stop());

const OWNER = "apiTestUser@apiSandbox.com";
const CLIENT = { grant_type: "client_credentials", client_id: "demo_api", client_secret: "demo_secret" };

async function json<Body>(path: string, wish: RequestInit = {}): Promise<Body> {
  const answer = await fetch(server.url + path, wish);
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return (await answer.json()) as Body;
}

test("an owner who accepts opens her plants", async () => {
  await json(`/_mock/consents/${OWNER}/accept`, { method: "POST" });
  const token = await json<{ access_token: string }>("/oauth2/token", { method: "POST", body: new URLSearchParams(CLIENT) });
  const headers = { Authorization: `Bearer ${token.access_token}` };
  const { plants } = await json<{ plants: { plantId: string }[] }>("/monitoring/v1/plants", { headers });
  assert.equal(plants.length, 9);
});
