import axios from "axios";
import { request } from "undici";
const url = "https://sandbox.smaapis.de/monitoring/v1/plants";
const first = await axios.get(url, { validateStatus: null });
console.log(first.status, (await request(url)).statusCode);
