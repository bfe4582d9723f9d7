import { get } from "node:https";
const url = "https://sandbox.smaapis.de/monitoring/v1/plants";
const answer = await fetch(url);
get(url, (other) => { console.log(answer.status, other.statusCode); other.resume(); });
