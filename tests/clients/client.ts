// The types of openapi-typescript, with openapi-fetch.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const baseUrl = process.env.SMA_URL!;
const owner = process.env.OWNER!;

const first = createClient<paths>({ baseUrl });
const { response: refused } = await first.GET("/monitoring/v1/plants", { headers: { Authorization: "Bearer nonsense" } });
const { data: token } = await first.POST("/oauth2/token", {
  body: { grant_type: "client_credentials", client_id: "demo_api", client_secret: "demo_secret" },
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
});

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token!.access_token}` } });
const { data: asked } = await client.POST("/oauth2/v2/bc-authorize", { body: { loginHint: owner } });
const { data: answered } = await client.PUT("/oauth2/v2/bc-authorize/{loginHint}/status", {
  params: { path: { loginHint: owner } },
  body: { state: "Accepted" },
});
const { data: list } = await client.GET("/monitoring/v1/plants");
const plantId = list!.plants[0].plantId;
const { data: day } = await client.GET("/monitoring/v1/plants/{plantId}/measurements/sets/{setType}/{period}", {
  params: { path: { plantId, setType: "EnergyBalance", period: "Day" }, query: { Date: "2025-06-14" } },
});
const { response: limited } = await client.GET("/monitoring/v1/plants/{plantId}/devices", { params: { path: { plantId } } });
const { data: status } = await client.GET("/monitoring/v1/plants/{plantId}/status", { params: { path: { plantId } } });

console.log(
  JSON.stringify({
    unauthorized: refused.status,
    consent: [asked!.state, answered!.state],
    plants: list!.plants.length,
    set: [day!.setType, day!.resolution],
    rows: day!.set.length,
    noon: day!.set[48].pvGeneration,
    limited: [limited.status, Number(limited.headers.get("Retry-After"))],
    "new word": status!.status,
  }),
);
