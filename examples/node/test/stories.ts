/** The same stories for both runners. */
import assert from "node:assert/strict";
import { World } from "../src/world.js";

export const STORIES: Record<string, (world: World) => Promise<void>> = {
  "sees no plant before the owner consents": async (world) => {
    assert.deepEqual(await world.sma.plants(), []);
    await world.consent("accept");
    assert.equal((await world.sma.plants()).length, 9);
  },
  "sees no plant once the consent is revoked": async (world) => {
    await world.consent("accept");
    assert.equal((await world.sma.plants())[0], "13");
    await world.consent("revoke");
    assert.deepEqual(await world.sma.plants(), []);
  },
  "logs in again when the token has expired": async (world) => {
    await world.consent("accept");
    await world.sma.plants();
    await world.advance(301);
    assert.equal((await world.sma.plants()).length, 9);
    assert.deepEqual(await world.statuses(), [200, 200, 401, 200, 200]);
  },
  "waits as long as SMA says when the quota is spent": async (world) => {
    await world.consent("accept");
    await world.spendQuota();
    assert.equal((await world.sma.plants()).length, 9);
    assert.ok((await world.statuses()).includes(429));
  },
  "adds up the energy of a day": async (world) => {
    await world.consent("accept");
    assert.ok((await world.sma.generated("13", "2025-06-14")) > 10_000);
  },
};
