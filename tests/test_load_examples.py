"""The scripts of examples/load: the portfolio is what it says, and k6's script asks what it should.

locust itself runs in `.ci/run`, by examples/load/run. k6 is in none of the registries that are reached, so its modules
have stand-ins here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from mock_sma.scenarios import load_scenario
from mock_sma.testing.live import LiveServer
from tests.facts import NOW
from tests.sandbox_helpers import Sandbox
from tests.server_process import environment

LOAD = Path(__file__).parent.parent / "examples" / "load"

MODULES = {
    "index.js": """
export function check(value, checks) {
  for (const [name, holds] of Object.entries(checks)) (globalThis.checks ??= []).push([name, holds(value)]);
}
""",
    "execution.js": "export default { test: { abort(why) { throw new Error(why); } } };\n",
    "http.js": """
import { execFileSync } from 'node:child_process';
function ask(words, params = {}) {
  const headers = Object.entries(params.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const all = ['-sS', '--noproxy', '*', '-w', '\\n%{http_code}', ...headers, ...words];
  const told = execFileSync('curl', all).toString();
  const end = told.lastIndexOf('\\n');
  const body = told.slice(0, end);
  return { status: Number(told.slice(end + 1)), body, json: (key) => (key ? JSON.parse(body)[key] : JSON.parse(body)) };
}
export default {
  get: (url, params) => ask([url], params),
  post: (url, form, params) => ask([url, '-d', new URLSearchParams(form).toString()], params),
};
""",
    "package.json": json.dumps(
        {
            "name": "k6",
            "type": "module",
            "exports": {".": "./index.js", "./http": "./http.js", "./execution": "./execution.js"},
        }
    ),
}

RUN = """
globalThis.__ENV = { MOCK_SMA_URL: process.argv[2] };
const script = await import('./k6.mjs');
const world = script.setup();
for (let turn = 0; turn < 3; turn += 1) script.default(world);
console.log(JSON.stringify({ world, checks: globalThis.checks, options: script.options }));
"""


def test_the_portfolio_has_ten_thousand_plants_that_a_client_sees() -> None:
    document = yaml.safe_load((LOAD / "portfolio-10000.yaml").read_text(encoding="utf-8"))
    assert (document["generate"]["count"], document["consents"]) == (10_000, [{"email": "*"}])
    load_scenario(document | {"generate": document["generate"] | {"count": 20, "owners": 4}})


@pytest.mark.slow
def test_the_script_of_k6_reads_yesterday(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "k6"
    package.mkdir(parents=True)
    for name, text in MODULES.items():
        (package / name).write_text(text, encoding="utf-8")
    (tmp_path / "k6.mjs").write_text((LOAD / "k6.js").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(RUN, encoding="utf-8")
    document = yaml.safe_load((LOAD / "portfolio-10000.yaml").read_text(encoding="utf-8"))
    scenario = load_scenario(document | {"generate": document["generate"] | {"count": 3, "owners": 1}})
    with LiveServer(Sandbox(scenario, now=NOW)) as server:
        done = subprocess.run(
            [shutil.which("node") or "node", str(tmp_path / "run.mjs"), server.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(),
        )
        asked = [entry.path for entry in server.sandbox.requests if entry.path.endswith("/Day")]
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["world"]["day"] == "2025-06-14"
    assert len(told["world"]["plants"]) == 3
    assert told["checks"] == [["has the day", True]] * 3
    assert len(asked) == 3
    assert set(told["options"]["thresholds"]) == {"checks", "http_req_duration{name:day}"}
