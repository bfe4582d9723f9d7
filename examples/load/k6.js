// Load by k6: readers that each fetch a token, list their plants and read yesterday, as a scheduled program does.
// usage: k6 run -e MOCK_SMA_URL=http://127.0.0.1:8080 k6.js
// It ends with a status other than 0 where a threshold is crossed.
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

const url = __ENV.MOCK_SMA_URL || 'http://127.0.0.1:8080';
const credentials = {
  grant_type: 'client_credentials',
  client_id: __ENV.MOCK_SMA_CLIENT_ID || 'demo_api',
  client_secret: __ENV.MOCK_SMA_CLIENT_SECRET || 'demo_secret',
};

export const options = {
  scenarios: {
    readers: { executor: 'constant-vus', vus: 50, duration: __ENV.DURATION || '20s' },
  },
  thresholds: {
    checks: ['rate>0.999'],
    'http_req_duration{name:day}': ['p(50)<250'],
  },
};

// Once, before all readers: what they have in common.
export function setup() {
  const yesterday = new Date(http.get(`${url}/_mock/clock`).json('now'));
  yesterday.setUTCDate(yesterday.getUTCDate() - 1);
  const plants = http.get(`${url}/v1/plants`, access(token(), 'plants')).json('plants');
  if (!plants.length) {
    exec.test.abort('no consent opens a plant: begin with portfolio-10000.yaml, or accept at /_mock/consents');
  }
  return { day: yesterday.toISOString().slice(0, 10), plants: plants.map((plant) => plant.plantId) };
}

let bearer; // of this reader

export default function (world) {
  bearer = bearer || token();
  const plant = world.plants[Math.floor(Math.random() * world.plants.length)];
  const set = `${url}/v1/plants/${plant}/measurements/sets/EnergyBalance/Day?Date=${world.day}`;
  const answer = http.get(set, access(bearer, 'day'));
  if (answer.status === 401) {
    bearer = undefined; // five minutes are over
    return;
  }
  check(answer, { 'has the day': (it) => it.status === 200 && it.json('resolution') !== undefined });
}

function token() {
  return http.post(`${url}/oauth2/token`, credentials, { tags: { name: 'token' } }).json('access_token');
}

function access(token, name) {
  return { headers: { Authorization: `Bearer ${token}` }, tags: { name } };
}
