#!/usr/bin/env python3
"""Measures the local runner and the start of `matches` against common alternatives.

    cargo build --release -p pairwork -p matches
    python3 infra/benches/rivals.py [--json FILE]

Every comparison is paired. Both sides run on this machine in the same minutes, in turns, so that other load affects
both. The script compares medians, never single runs.

**Runner's cost, warm.** It sends `GET /health` on one kept-alive connection, one request at a time, through
`pairwork up` and through `cargo lambda watch`. Both run `market` from the same release executable, in one process, at
the same log level. `cargo lambda` only serves its Runtime API (`--only-lambda-apis`), so even the build is the same.
`/health` reads no store and computes nothing. The time is therefore the runner's own cost plus the function's loop. The
ratio is ours divided by theirs, with the middle half of the ratios of neighbouring blocks. Goal: at most 1.

**Start to first answer.** The time from starting a process to the last byte of its first answer. This script serves the
Runtime API, with one `POST /matches/score` event of ten freelancers waiting. The page cache is warm, so this is the
start of a process and not the download of a zip. CPU is the user and system time of all threads until then. Before its
first event, our function asks the store for the published keys. The script answers as an empty DynamoDB, without TLS.
The rivals run on Node, with a loop of thirty lines that polls the Runtime API with `node:http`:
  - `node, SDK`: the same function. Its handler requires `@aws-sdk/client-dynamodb` from node_modules, constructs a
    client, sends the same query to the store, loads the same weights, and scores. Goal: at most 0.05 of it.
  - `node, SDK bundled`: the same code, bundled by esbuild into one minified file, as a careful team would deploy it.
  - `node, SDK unused`: constructs the client and sends no query.
  - `node, no SDK`: has no client at all. No real function could work without one; this is the lower limit of Node.
All of them do less work than ours. Our function parses and validates the records, computes the features from words,
dates and counts, and gives the full answer. The Node handlers get the ten features of each pair from our answer, and
only run the net's forward pass. Their scores must equal ours, or the script fails.

**Matches, warm.** One `GET /projects/{id}/matches?limit=10` through `pairwork up --demo`. It includes the token, pool,
features, net and ranking over the demo market, and the runner's cost. It has no rival and is for information.

Needs Python 3.10, Node with npm, and network access once. The script installs the Node packages below target/rivals,
and `cargo-lambda` too if it is not on the PATH.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
RIVALS = TARGET / "rivals"
WEIGHTS = ROOT / "matching/model/model.safetensors"

NODE_PACKAGES = ["@aws-sdk/client-dynamodb@3", "esbuild@0.28"]
CARGO_LAMBDA = "cargo-lambda==1.9.2"

RUNNER_GOAL = 1.0
START_GOAL = 0.05
# We compute in f32 and JavaScript in f64.
SCORE_TOLERANCE = 1e-5

# The variables that Lambda sets for every function.
LAMBDA = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
    "AWS_LAMBDA_FUNCTION_NAME": "rival",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    # Without this, the rival spends a part of its start on a warning about Node's version.
    "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
    "PATH": os.environ["PATH"],
    "RAYON_NUM_THREADS": "1",
    "RUST_LOG": "warn",
    "TZ": ":UTC",
}


# ---- A connection kept alive ---------------------------------------------------------------------------------------


class Connection:
    """An HTTP/1.1 connection with as little Python overhead as possible."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path, token=None):
        """Returns the answer's body and the nanoseconds from the first byte sent to the last one received."""
        authorization = f"authorization: Bearer {token}\r\n" if token else ""
        request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: */*\r\n{authorization}\r\n".encode()
        started = time.perf_counter_ns()
        self.socket.sendall(request)
        head, body = self._read()
        elapsed = time.perf_counter_ns() - started
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"GET {path}: {head.decode()} {body.decode()}")
        return body, elapsed

    def _read(self):
        received = self.socket.recv(65536)
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head).group(1))
        while len(body) < length:
            body += self._more()
        return head, body

    def _more(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise RuntimeError("the connection was closed in the middle of an answer")
        return chunk


# ---- Programs ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running(command, log, **options):
    """Runs a program during the block. The program and its children form a process group of their own."""
    with open(log, "wb") as stderr:
        program = subprocess.Popen(command, stderr=stderr, stdin=subprocess.PIPE, start_new_session=True, **options)
        try:
            yield program
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


@contextlib.contextmanager
def market(*arguments):
    """Runs `pairwork up`. Yields its port and the lines it prints after `ready`."""
    command = [executable("pairwork"), "up", "--port", "0", *arguments]
    with running(command, RIVALS / "pairwork.log", stdout=subprocess.PIPE, text=True) as program:
        ready = re.match(r"ready http://127\.0\.0\.1:(\d+)", program.stdout.readline())
        if not ready:
            raise RuntimeError(f"pairwork did not start: {(RIVALS / 'pairwork.log').read_text()}")
        yield int(ready.group(1)), program.stdout


def executable(name):
    path = TARGET / "release" / name
    if not path.is_file():
        sys.exit(f"{path} is missing: cargo build --release -p pairwork -p matches")
    return str(path)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            return condition()
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not start within {seconds} s")


def cargo_lambda():
    found = shutil.which("cargo-lambda")
    if found:
        return found
    tools = RIVALS / "python"
    if not (tools / "bin/cargo-lambda").is_file():
        subprocess.run([sys.executable, "-m", "venv", tools], check=True)
        subprocess.run([tools / "bin/pip", "install", "--quiet", CARGO_LAMBDA], check=True)
    return str(tools / "bin/cargo-lambda")


# ---- Runner's cost, warm -------------------------------------------------------------------------------------------


def runner_cost(blocks, block_requests):
    """Measures both runners side by side, in turns of blocks of requests. The side that begins alternates."""
    rival_port = free_port()
    watch = [cargo_lambda(), "lambda", "watch", "--only-lambda-apis", "--ignore-changes", "--quiet"]
    watch += ["--invoke-address", "127.0.0.1", "--invoke-port", str(rival_port)]
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(StoreStub())
        port, _ = stack.enter_context(market())
        stack.enter_context(running(watch, RIVALS / "watch.log", stdout=subprocess.DEVNULL, cwd=ROOT))
        until(lambda: Connection(rival_port), 60, "cargo lambda watch")
        variables = {
            **LAMBDA,
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{store.port}",
            "AWS_LAMBDA_RUNTIME_API": f"http://127.0.0.1:{rival_port}/.rt/market",
        }
        function = [executable("pairwork"), "function", "market"]
        log = RIVALS / "function.log"
        stack.enter_context(running(function, log, stdout=subprocess.DEVNULL, env=variables))

        sides = {
            "pairwork": (Connection(port), "/health"),
            "cargo lambda watch": (Connection(rival_port), "/lambda-url/market/health"),
        }
        answers = {name: connection.get(path)[0] for name, (connection, path) in sides.items()}
        if len(set(answers.values())) != 1:
            raise RuntimeError(f"the two runners do not serve the same function: {answers}")
        times = {name: [] for name in sides}
        ratios = []
        for block in range(-2, blocks):
            names = list(sides) if block % 2 else list(reversed(sides))
            medians = {}
            for name in names:
                connection, path = sides[name]
                elapsed = [connection.get(path)[1] / 1e6 for _ in range(block_requests)]
                medians[name] = statistics.median(elapsed)
                if block >= 0:  # earlier blocks are the warm-up
                    times[name] += elapsed
            if block >= 0:
                ratios.append(medians["pairwork"] / medians["cargo lambda watch"])
    result = {name: percentiles(elapsed) for name, elapsed in times.items()}
    quartiles = statistics.quantiles(ratios, n=4)
    return {
        "unit": "ms",
        "sides": result,
        "ratio": result["pairwork"]["p50"] / result["cargo lambda watch"]["p50"],
        "ratio_middle_half": [quartiles[0], quartiles[2]],
        "goal": RUNNER_GOAL,
    }


def percentiles(elapsed_ms):
    cuts = statistics.quantiles(elapsed_ms, n=100)
    return {"p50": cuts[49], "p99": cuts[98], "requests": len(elapsed_ms)}


# ---- Start to first answer -----------------------------------------------------------------------------------------


class Loopback:
    """A Runtime API with one event waiting, and an empty DynamoDB, both on one port of 127.0.0.1."""

    EMPTY = b'{"Count":0,"Items":[],"ScannedCount":0}'

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.received = {}

    def serve(self, event, deadline):
        """Serves until the event is answered. Returns the answer and the time of its last byte (perf_counter_ns).

        If the process fails or exits instead, this raises an error at the deadline (monotonic).
        """
        waiting = [event]
        while time.monotonic() < deadline:
            for key, _ in self.selector.select(0.5):
                if key.fileobj is self.listener:
                    connection, _ = self.listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.selector.register(connection, selectors.EVENT_READ)
                    self.received[connection] = b""
                    continue
                connection = key.fileobj
                try:
                    chunk = connection.recv(1 << 20)
                except ConnectionError:
                    chunk = b""
                if not chunk:
                    self._forget(connection)
                    continue
                self.received[connection] += chunk
                answer = self._answer(connection, waiting)
                if answer is not None:
                    return answer
        raise RuntimeError("the function did not answer in time")

    def hang_up(self):
        for connection in list(self.received):
            self._forget(connection)

    def _forget(self, connection):
        self.selector.unregister(connection)
        del self.received[connection]
        connection.close()

    def _answer(self, connection, waiting):
        head, separator, body = self.received[connection].partition(b"\r\n\r\n")
        if not separator:
            return None
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if not length and b"transfer-encoding" in head.lower():
            raise RuntimeError("this server cannot read a chunked request")
        if length and len(body) < int(length.group(1)):
            return None
        now = time.perf_counter_ns()
        self.received[connection] = b""
        path = head.split(b" ", 2)[1]
        if path.endswith(b"/invocation/next"):
            if waiting:
                self._reply(connection, b"200 OK", waiting.pop())
        elif path.endswith(b"/response"):
            self._reply(connection, b"202 Accepted", b"{}")
            return body, now
        elif path.endswith(b"/error"):
            raise RuntimeError(f"the function failed: {body.decode()}")
        else:
            self._reply(connection, b"200 OK", self.EMPTY)
        return None

    def _reply(self, connection, status, body):
        deadline_ms = int(time.time() * 1000) + 30_000
        headers = (
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            "lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
            f"lambda-runtime-deadline-ms: {deadline_ms}\r\n"
            "lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:rival\r\n"
            "lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n"
        )
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n" + headers.encode() + b"\r\n" + body)


class StoreStub:
    """The empty DynamoDB alone, in a thread, for a function that handles more than one event."""

    def __enter__(self):
        self.loopback = Loopback()
        self.port = self.loopback.port
        # The thread ends with this program: its event is never answered.
        threading.Thread(target=self.loopback.serve, args=(b"{}", float("inf")), daemon=True).start()
        return self

    def __exit__(self, *_):
        pass


def start_once(loopback, command, variables, event):
    """Starts a process. Returns the items of its first answer, and the milliseconds until then, wall and CPU."""
    address = f"127.0.0.1:{loopback.port}"
    variables = {
        **LAMBDA,
        **variables,
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://{address}",
        "AWS_LAMBDA_RUNTIME_API": address,
    }
    log = [(os.POSIX_SPAWN_OPEN, 1, str(RIVALS / "start.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
    log += [(os.POSIX_SPAWN_DUP2, 1, 2)]
    started = time.perf_counter_ns()
    process = os.posix_spawn(command[0], command, variables, file_actions=log)
    try:
        answer, answered = loopback.serve(event, time.monotonic() + 30)
    finally:
        os.kill(process, signal.SIGKILL)
        _, _, usage = os.wait4(process, 0)
        loopback.hang_up()
    wall_ms = (answered - started) / 1e6
    cpu_ms = (usage.ru_utime + usage.ru_stime) * 1e3
    answer = json.loads(answer)
    if answer["statusCode"] != 200:
        raise RuntimeError(f"{command}: {answer}")
    return json.loads(answer["body"])["items"], wall_ms, cpu_ms


def start_cost(rounds):
    node_packages()
    event = gateway_event(SCORE_BODY)
    loopback = Loopback()
    ours = [executable("matches")]
    items, _, _ = start_once(loopback, ours, {}, event)
    rows = [[reason["value"] for reason in item["reasons"]] for item in items]
    expected = [item["score"] for item in items]

    node = shutil.which("node")
    rows_event = gateway_event({"rows": rows})
    handlers = node_handlers()
    sides = {"pairwork": (ours, {}, event)}
    for name, handler in handlers.items():
        command = [node, str(RIVALS / "loop.cjs"), str(handler)]
        sides[name] = (command, {"WEIGHTS": str(WEIGHTS)}, rows_event)

    runs = {name: ([], []) for name in sides}
    names = list(sides)
    for round_ in range(-2, rounds):
        for name in names:
            items, wall_ms, cpu_ms = start_once(loopback, *sides[name])
            scores = [item["score"] for item in items]
            if any(abs(a - b) > SCORE_TOLERANCE for a, b in zip(scores, expected, strict=True)):
                raise RuntimeError(f"{name} gives other scores: {scores}, expected {expected}")
            if round_ >= 0:  # earlier rounds fill the page cache
                runs[name][0].append(wall_ms)
                runs[name][1].append(cpu_ms)
        names.append(names.pop(0))
    sides = {
        name: {
            "wall": statistics.median(wall),
            "cpu": statistics.median(cpu),
            "least_wall": min(wall),
            "runs": len(wall),
        }
        for name, (wall, cpu) in runs.items()
    }
    rivals = [name for name in sides if name != "pairwork"]
    return {
        "unit": "ms",
        "sides": sides,
        "ratio": {name: sides["pairwork"]["wall"] / sides[name]["wall"] for name in rivals},
        "cpu_ratio": {name: sides["pairwork"]["cpu"] / sides[name]["cpu"] for name in rivals},
        "goal": START_GOAL,
        "node": subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip(),
        "sdk": json.loads((RIVALS / "node_modules/@aws-sdk/client-dynamodb/package.json").read_text())["version"],
    }


def gateway_event(body):
    """The event that an API Gateway HTTP API sends for `POST /matches/score` (payload format 2.0)."""
    http = {
        "method": "POST",
        "path": "/matches/score",
        "protocol": "HTTP/1.1",
        "sourceIp": "203.0.113.7",
        "userAgent": "rivals",
    }
    event = {
        "version": "2.0",
        "routeKey": "POST /matches/score",
        "rawPath": "/matches/score",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "abcdef.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abcdef",
            "domainName": "abcdef.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abcdef",
            "http": http,
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /matches/score",
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795348800000,
        },
        "body": json.dumps(body, ensure_ascii=False),
        "isBase64Encoded": False,
    }
    return json.dumps(event).encode()


# All dates are long past, so that availability is the same in every run.
SCORE_BODY = {
    "project": {
        "title": "결제 시스템 개편 · Payment API",
        "description": "Rebuild the payment back end in Rust on AWS Lambda, with DynamoDB behind it.",
        "skills": ["Rust", "AWS Lambda", "DynamoDB"],
        "languages": ["en"],
        "budget": {"kind": "hourly", "min": 4000, "max": 9000, "currency": "EUR"},
        "created_at": "2020-01-15T09:30:00Z",
    },
    "freelancers": [
        {
            "id": f"crm-{number}",
            "display_name": f"Freelancer {number}",
            "headline": headline,
            "bio": "Back ends that stay up, and the tests that prove it.",
            "skills": skills,
            "languages": ["en", "ko"],
            "hourly_rate": {"amount": 5000 + 300 * number, "currency": "EUR"},
            "rating": 3.5 + number / 10,
            "completed_jobs": 4 * number,
            "hire_rate": 0.2 + number / 20,
            "response_minutes": 15 * number,
            "last_active_at": f"2020-01-{number + 2:02}T08:00:00Z",
        }
        for number, (headline, skills) in enumerate(
            [
                ("Payments in Rust", ["Rust", "DynamoDB"]),
                ("서버리스 백엔드", ["AWS Lambda", "TypeScript"]),
                ("Portraits in oil", ["Painting"]),
                ("Data modelling", ["DynamoDB", "PostgreSQL"]),
                ("Embedded Rust", ["Rust", "C"]),
                ("Cloud architect", ["AWS Lambda", "DynamoDB", "Rust"]),
                ("결제 시스템", ["Rust", "Kotlin"]),
                ("Technical writing", ["Writing"]),
                ("Full stack", ["JavaScript", "AWS Lambda"]),
                ("Site reliability", ["Linux", "Rust"]),
            ]
        )
    ],
}

# The loop of Lambda's own Node runtime, without its options.
NODE_LOOP = """
"use strict";
const http = require("node:http");
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const prefix = "/2018-06-01/runtime/invocation/";

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ host, port, method, path: prefix + path, agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function main() {
  const { handler } = require(process.argv[2]);
  for (;;) {
    const next = await call("GET", "next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      await call("POST", id + "/response", JSON.stringify(await handler(JSON.parse(next.body))));
    } catch (error) {
      await call("POST", id + "/error", JSON.stringify({ errorType: error.name, errorMessage: error.message }));
    }
  }
}

main();
"""

# The net of the matching crate: standardize, 64 relu, 32 relu, two sigmoids. The score is their product.
NODE_HANDLER = """
"use strict";
const fs = require("node:fs");

function load(file) {
  const bytes = fs.readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  const tensor = (name) => {
    const [from, to] = header[name].data_offsets;
    return Float32Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(8 + length + from + 4 * i));
  };
  const layers = [1, 2, 3].map((n) => [tensor(`layer${n}.weight`), tensor(`layer${n}.bias`)]);
  return { mean: tensor("input.mean"), deviation: tensor("input.deviation"), missing: tensor("input.missing"), layers };
}

const model = load(process.env.WEIGHTS);

function product(row) {
  let values = row.map((value, i) => {
    const known = value === null ? model.missing[i] : value;
    return Math.min(6, Math.max(-6, (known - model.mean[i]) / model.deviation[i]));
  });
  model.layers.forEach(([weights, biases], layer) => {
    values = Array.from(biases, (bias, neuron) => {
      const sum = values.reduce((sum, value, i) => sum + value * weights[neuron * values.length + i], bias);
      return layer < 2 ? Math.max(0, sum) : sum;
    });
  });
  return values.reduce((score, odds) => score / (1 + Math.exp(-Math.min(16, Math.max(-16, odds)))), 1);
}

exports.handler = async (event) => {
  const { rows } = JSON.parse(event.body);
  const items = rows.map((row, index) => ({ index, score: product(row) }));
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ items }) };
};
"""

NODE_CLIENT = """
const { DynamoDBClient, QueryCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
"""

NODE_WARM_UP = """
const keys = client.send(new QueryCommand({
  TableName: "market",
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": { S: "JWKS" } },
  ConsistentRead: true,
}));
const score = exports.handler;
exports.handler = async (event) => {
  await keys;
  return score(event);
};
"""


def node_packages():
    if not shutil.which("npm"):
        sys.exit("npm is not on the PATH, and the start is compared with Node; `--only runner` does not need it")
    RIVALS.mkdir(parents=True, exist_ok=True)
    asked = json.dumps({"private": True, "asked": NODE_PACKAGES})
    stamp = RIVALS / "node_modules/asked.json"
    if not stamp.is_file() or stamp.read_text() != asked:
        (RIVALS / "package.json").write_text('{"private": true}')
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", *NODE_PACKAGES]
        subprocess.run(install, cwd=RIVALS, check=True)
        stamp.write_text(asked)


def node_handlers():
    """Writes the rival's files. Returns the handler of each variant."""
    (RIVALS / "loop.cjs").write_text(NODE_LOOP)
    same, bundled, unused, floor = (RIVALS / f"{name}.cjs" for name in ("same", "bundled", "unused", "floor"))
    same.write_text(NODE_CLIENT + NODE_HANDLER + NODE_WARM_UP)
    unused.write_text(NODE_CLIENT + NODE_HANDLER)
    floor.write_text(NODE_HANDLER)
    bundle = [RIVALS / "node_modules/.bin/esbuild", same, "--bundle", "--minify", "--platform=node", "--target=node20"]
    subprocess.run([*bundle, f"--outfile={bundled}", "--log-level=warning"], check=True)
    return {"node, SDK": same, "node, SDK bundled": bundled, "node, SDK unused": unused, "node, no SDK": floor}


# ---- Matches, warm -------------------------------------------------------------------------------------------------


def match_latency(requests):
    """Returns None if this `pairwork` has no demo market."""
    about = subprocess.run([executable("pairwork"), "up", "--help"], capture_output=True, text=True, check=True).stdout
    if "--demo" not in about:
        return None
    with market("--demo") as (port, lines):
        shown = ""
        while "/matches/score" not in shown:  # the last of the printed commands
            line = lines.readline()
            if not line:
                raise RuntimeError(f"the demo market was not filled; printed: {shown}")
            shown += line
        email, password = re.search(r'"email":"([^"]+)","password":"([^"]+)"', shown).groups()
        project = re.search(r"/projects/(prj_\w+)/matches", shown).group(1)
        threading.Thread(target=lines.read, daemon=True).start()  # so that the pipe never fills

        token = sign_in(port, email, password)
        connection = Connection(port)
        path = f"/projects/{project}/matches?limit=10"
        warm_up = json.loads(connection.get(path, token)[0])
        elapsed = [connection.get(path, token)[1] / 1e6 for _ in range(requests)]
    return {"unit": "ms", "pool_size": warm_up["pool_size"], **percentiles(elapsed)}


def sign_in(port, email, password):
    import urllib.request

    body = json.dumps({"email": email, "password": password}).encode()
    url = f"http://127.0.0.1:{port}/sessions"
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["access_token"]


# ---- The table -----------------------------------------------------------------------------------------------------


def verdict(ratio, goal):
    return f"{ratio:.3f} (goal ≤ {goal:g}: {'met' if ratio <= goal else 'missed'})"


def table(results):
    rows = [("measurement", "side", "p50 ms", "p99 ms", "CPU ms", "ours / theirs")]
    runner = results.get("runner")
    if runner:
        low, high = runner["ratio_middle_half"]
        for name, side in runner["sides"].items():
            ours = name == "pairwork"
            ratio = "" if ours else f"{verdict(runner['ratio'], RUNNER_GOAL)}, middle half {low:.3f}–{high:.3f}"
            what = f"GET /health, warm ({side['requests']:,} each)" if ours else ""
            rows.append((what, name, f"{side['p50']:.3f}", f"{side['p99']:.3f}", "", ratio))
    start = results.get("start")
    if start:
        for name, side in start["sides"].items():
            ours = name == "pairwork"
            what = f"start to first answer ({side['runs']} each)" if ours else ""
            ratio = ""
            if name == "node, SDK":
                ratio = verdict(start["ratio"][name], START_GOAL)
            elif not ours:
                ratio = f"{start['ratio'][name]:.3f}"
            if ratio:
                ratio += f", CPU {start['cpu_ratio'][name]:.3f}"
            rows.append((what, name, f"{side['wall']:.1f}", "", f"{side['cpu']:.1f}", ratio))
    matches = results.get("matches")
    if matches:
        what = f"GET /projects/{{id}}/matches, warm, pool of {matches['pool_size']} ({matches['requests']:,})"
        rows.append((what, "pairwork", f"{matches['p50']:.3f}", f"{matches['p99']:.3f}", "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows)


def machine():
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, AttributeError):
        name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    return {"cpu": name, "cores": os.cpu_count(), "system": platform.system(), "load_1_min": os.getloadavg()[0]}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--json", metavar="FILE", type=Path, help="also write the figures to this file")
    arguments.add_argument("--only", choices=["runner", "start", "matches"], help="run only this measurement")
    arguments.add_argument("--blocks", type=int, default=60, help="pairs of blocks of warm requests (default 60)")
    arguments.add_argument("--block-requests", type=int, default=100, help="requests per block (default 100)")
    arguments.add_argument("--starts", type=int, default=40, help="starts of each side (default 40)")
    asked = arguments.parse_args()

    RIVALS.mkdir(parents=True, exist_ok=True)
    measures = {
        "runner": lambda: runner_cost(asked.blocks, asked.block_requests),
        "start": lambda: start_cost(asked.starts),
        "matches": lambda: match_latency(500),
    }
    results = {"machine": machine()}
    for name, measure in measures.items():
        if asked.only in (None, name):
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            results[name] = measure()
    print(table(results))
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
