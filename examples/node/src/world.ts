/** A world per test, by the control client that `npm run generate` makes of the server's own document. */
import createClient from "openapi-fetch";
import type { paths } from "./control.js";
import { Sma } from "./sma.js";

const control = createClient<paths>({ baseUrl: process.env.MOCK_SMA_URL! });
const NOW = "2025-06-15T12:00:00+02:00";
let count = 0;

export class World {
  readonly sma: Sma;

  private constructor(
    private readonly path: { world: string },
    private readonly owner: string,
    client: { client_id: string; client_secret: string },
  ) {
    // A wait takes no time: the world's clock goes on instead.
    this.sma = new Sma(client.client_id, client.client_secret, (seconds) => this.advance(seconds));
  }

  /** Run a test in a world of its own, and print what was asked and why it was answered so when the test fails. */
  static async with(test: (world: World) => Promise<void>): Promise<void> {
    const name = `node-${process.pid}-${count++}`;
    const { data, error } = await control.POST("/_mock/worlds", { body: { name, scenario: "sandbox", now: NOW } });
    if (!data) throw new Error(JSON.stringify(error));
    const world = new World({ world: data.name }, data.owners[0].email, data.clients[0]);
    try {
      await test(world);
    } catch (failure) {
      console.error(await world.report());
      throw failure;
    } finally {
      await control.DELETE("/_mock/worlds/{world}", { params: { path: world.path } });
    }
  }

  async consent(event: "accept" | "revoke"): Promise<void> {
    const path = { ...this.path, login_hint: this.owner, event };
    await control.POST("/_mock/worlds/{world}/consents/{login_hint}/{event}", { params: { path }, body: null });
  }

  async advance(seconds: number): Promise<void> {
    await control.POST("/_mock/worlds/{world}/clock/advance", { params: { path: this.path }, body: { seconds } });
  }

  async spendQuota(): Promise<void> {
    const body = { match: { path: "/monitoring/v1/*" }, effect: { quota_exhausted: true }, times: 1 };
    await control.POST("/_mock/worlds/{world}/faults", { params: { path: this.path }, body });
  }

  async statuses(): Promise<number[]> {
    const { data } = await control.GET("/_mock/worlds/{world}/requests", { params: { path: this.path } });
    return (data as { status: number }[]).map((entry) => entry.status).reverse();
  }

  async report(): Promise<string> {
    const options = { params: { path: this.path }, parseAs: "text" } as const;
    return (await control.GET("/_mock/worlds/{world}/report", options)).data ?? "";
  }
}
