import { GenericContainer, Wait } from "testcontainers";

/** Start the server; give its address, and what stops it. */
export async function start(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const server = await new GenericContainer("mock-sma")
    .withEnvironment({
      MOCK_SMA_SCENARIO: "sandbox",
      MOCK_SMA_NOW: "2025-06-15T12:00:00+02:00",
      MOCK_SMA_RATE: "0", // the clock stands still
    })
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp("/_mock/ready", 8080).forStatusCode(200))
    .start();
  return { url: `http://${server.getHost()}:${server.getMappedPort(8080)}`, stop: () => server.stop() };
}
