#!/usr/bin/env python3
"""Times the net in ONNX Runtime, PyTorch, candle and the fused scorer: same weights, same inputs, one thread.

    python3 matching/benches/rivals.py [--json FILE]

All sides do the same work: they turn rows of ten standardized inputs into probabilities. Before the timing, every
setting of the others must agree with the fused scorer on 100,000 rows within 1e-6.

**Time** is CPU time, which other load on the machine disturbs least. All sides take turns, and a side's figure is the
median of its turns. Our side and candle run in the bench executable (`cargo bench -p matching`). The script drives it
line by line, so that turns interleave across processes.

**Rivals at their best.** ONNX Runtime gets the net as Gemm, Relu and Sigmoid, with all graph optimizations and one
thread. It runs with plain and with bound inputs and outputs, in pieces of every size in `PIECES`. The setting with the
least time per pair counts, even if its pieces are larger than the 1,000 pairs of our side. PyTorch is treated
likewise: eager, and traced and frozen. candle is the version from crates.io, with 1,000 rows in one forward pass.

**Peak** is the core's rate of fused multiply-adds on registers alone, measured in the same turns. The fraction counts
only the net's own multiply-adds (its weights), not the sigmoid.

Needs Python 3.10, cargo, and network access once: it installs numpy, onnx, onnxruntime and torch below target/rivals.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
RIVALS = TARGET / "rivals" / "net"
WEIGHTS = ROOT / "matching/model/model.safetensors"
PACKAGES = ["numpy", "onnx", "onnxruntime", "torch"]

# The approximate CPU time of one turn of one side.
TURN_SECONDS = 0.02
# The numbers of rows that a rival gets at a time.
PIECES = [128, 256, 512, 1_000, 2_048, 4_096, 16_384]
ROWS = 1_000_000

# The number of rows that must agree, and the largest difference. f32 sums depend on the order of addition.
AGREEING_ROWS = 100_000
MOST_APART = 1e-6

GOALS = {
    "f32_1000": (0.80, "≥"),
    "f32_1000000": (0.70, "≥"),
    "onnxruntime": (2.0, "≥"),
    "pytorch": (3.0, "≥"),
    "candle": (3.0, "≥"),
    "latency_ratio_to_candle_n1": (0.15, "≤"),
}


def in_own_environment():
    """Installs the rivals in an environment of their own and restarts this script in it."""
    python = RIVALS / "python/bin/python3"
    if Path(sys.prefix) == RIVALS / "python":
        return
    marker = RIVALS / "installed"
    if not marker.is_file() or marker.read_text() != " ".join(PACKAGES):
        subprocess.run([sys.executable, "-m", "venv", RIVALS / "python"], check=True)
        print(f"installing {', '.join(PACKAGES)} below {RIVALS}", file=sys.stderr)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES], check=True)
        marker.write_text(" ".join(PACKAGES))
    # One thread each, also in libraries without an option for it.
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    os.execve(python, [python, *sys.argv], {**os.environ, **threads})


# ---- Our side ------------------------------------------------------------------------------------------------------


class Worker:
    """The bench executable, which does one task per line."""

    def __init__(self):
        command = ["cargo", "bench", "-p", "matching", "--bench", "speed", "--no-run", "--message-format", "json"]
        built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
        messages = [json.loads(line) for line in built.splitlines()]
        executable = next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "speed")
        data = RIVALS / "rows.f32"
        self.process = subprocess.Popen(
            [executable, "worker", data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the bench executable did not start")
        self.data = data

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def rows(self):
        """Returns all rows of inputs, and our scores of them."""
        numbers = numpy.fromfile(self.data, dtype="<f4")
        return numbers[: ROWS * 10].reshape(ROWS, 10), numbers[ROWS * 10 :]


def read_weights():
    """Returns weights (out × in) and biases per layer, from the shipped safetensors file."""
    blob = WEIGHTS.read_bytes()
    (length,) = struct.unpack("<Q", blob[:8])
    header, data = json.loads(blob[8 : 8 + length]), blob[8 + length :]

    def tensor(name):
        begin, end = header[name]["data_offsets"]
        return numpy.frombuffer(data[begin:end], "<f4").reshape(header[name]["shape"]).copy()

    return [(tensor(f"layer{n}.weight"), tensor(f"layer{n}.bias")) for n in (1, 2, 3)]


# ---- Rivals: each returns {setting: function of rows} ----------------------------------------------------------------


def onnx_model(layers):
    """The ONNX graph: Gemm, Relu, Gemm, Relu, Gemm, Sigmoid, and the product over the heads if there are several."""
    nodes, weights, value = [], [], "input"
    for number, (weight, bias) in enumerate(layers):
        weights += [
            onnx.numpy_helper.from_array(weight, f"w{number}"),
            onnx.numpy_helper.from_array(bias, f"b{number}"),
        ]
        nodes.append(
            onnx.helper.make_node("Gemm", [value, f"w{number}", f"b{number}"], [f"sum{number}"], transB=1)
        )
        kind = "Sigmoid" if number == 2 else "Relu"
        value = f"out{number}"
        nodes.append(onnx.helper.make_node(kind, [f"sum{number}"], [value]))
    if len(layers[2][1]) > 1:
        weights.append(onnx.numpy_helper.from_array(numpy.array([1], dtype=numpy.int64), "axis"))
        nodes.append(onnx.helper.make_node("ReduceProd", [value, "axis"], ["score"], keepdims=1))
        value = "score"
    float_type = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        nodes,
        "net",
        [onnx.helper.make_tensor_value_info("input", float_type, ["rows", 10])],
        [onnx.helper.make_tensor_value_info(value, float_type, ["rows", 1])],
        weights,
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def onnxruntime_settings(layers):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(onnx_model(layers), options, providers=["CPUExecutionProvider"])
    output = session.get_outputs()[0].name

    def plain(rows):
        return lambda: session.run(None, {"input": rows})[0]

    def bound(rows):
        binding = session.io_binding()
        result = numpy.empty((len(rows), 1), dtype=numpy.float32)
        binding.bind_cpu_input("input", rows)
        binding.bind_output(output, "cpu", 0, numpy.float32, result.shape, result.ctypes.data)

        def run():
            session.run_with_iobinding(binding)
            return result

        return run

    return {"plain": plain, "bound": bound}


def pytorch_settings(layers):
    torch.set_num_threads(1)

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList()
            for weight, bias in layers:
                linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
                linear.weight.data = torch.from_numpy(weight)
                linear.bias.data = torch.from_numpy(bias)
                self.layers.append(linear)

        def forward(self, rows):
            first, second, last = self.layers
            heads = torch.sigmoid(last(torch.relu(second(torch.relu(first(rows))))))
            return heads if heads.shape[1] == 1 else heads[:, :1] * heads[:, 1:]

    net = Net().eval()
    traced = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, torch.zeros(1_000, 10))))

    def prepared(module):
        def on(rows):
            rows = torch.from_numpy(rows)

            def run():
                with torch.inference_mode():
                    return module(rows).numpy()

            return run

        return on

    return {"eager": prepared(net), "traced": prepared(traced)}


# ---- Timing ----------------------------------------------------------------------------------------------------------


def seconds_per_call(run, calls):
    started = time.process_time_ns()
    for _ in range(calls):
        run()
    return (time.process_time_ns() - started) / 1e9 / calls


def calls_for(run):
    """The number of calls that makes a turn long enough for the clock."""
    run()
    return max(1, int(TURN_SECONDS / max(seconds_per_call(run, 3), 1e-7)))


class Side:
    """One side of the comparison. It measures seconds per call, in turns."""

    def __init__(self, name, measure, pairs):
        self.name, self.measure, self.pairs, self.turns = name, measure, pairs, []

    def median(self):
        return statistics.median(self.turns)

    def per_pair(self):
        return self.median() / self.pairs


def local_side(name, run, pairs):
    calls = calls_for(run)
    return Side(name, lambda: seconds_per_call(run, calls), pairs)


def worker_side(worker, name, task, pairs):
    seconds = worker.ask(f"{task} 3")
    calls = max(1, int(TURN_SECONDS / max(seconds, 1e-8)))
    return Side(name, lambda: worker.ask(f"{task} {calls}"), pairs)


def take_turns(sides, turns):
    for turn in range(turns):
        for side in sides if turn % 2 else reversed(sides):
            side.turns.append(side.measure())


def best_setting(name, settings, rows):
    """The rival's fastest setting, by time per pair."""
    sides = [
        local_side(f"{name}, {setting}, {pieces:,} at a time", prepare(rows[:pieces]), pieces)
        for setting, prepare in settings.items()
        for pieces in PIECES
    ]
    take_turns(sides, 9)
    best = min(sides, key=Side.per_pair)
    best.turns.clear()
    return best


def apart(prepare, rows, scores):
    """The greatest difference between the scores of a rival's setting and ours."""
    got = prepare(rows[:AGREEING_ROWS])().reshape(-1)
    return float(numpy.abs(got - scores[:AGREEING_ROWS]).max())


def check_agreement(name, furthest):
    # NaN must fail too, so the condition is negated.
    if not furthest <= MOST_APART:
        sys.exit(f"{name} and pairwork differ by {furthest}, so they are not the same net")
    print(f"{name}: agrees within {furthest:.1e}", file=sys.stderr)


# ---- The table -------------------------------------------------------------------------------------------------------


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    arguments.add_argument("--turns", type=int, default=31, help="turns of each side (default 31)")
    arguments = arguments.parse_args()

    worker = Worker()
    rows, scores = worker.rows()
    layers = read_weights()
    rivals = {"onnxruntime": onnxruntime_settings(layers), "pytorch": pytorch_settings(layers)}
    check_agreement("candle", worker.ask(f"apart {AGREEING_ROWS}"))
    for name, settings in rivals.items():
        for setting, prepare in settings.items():
            check_agreement(f"{name}, {setting}", apart(prepare, rows, scores))

    peak = worker_side(worker, "FMA peak", "peak", 1)
    peak.measure = lambda: worker.ask("peak 40")
    ours = worker_side(worker, "pairwork, 1,000 pairs", "pairwork 1000", 1_000)
    ours_many = worker_side(worker, "pairwork, 1,000,000 pairs", f"pairwork {ROWS}", ROWS)
    ours_one = worker_side(worker, "pairwork, 1 pair", "pairwork 1", 1)
    candle = worker_side(worker, "candle, 1,000 pairs", "candle 1000", 1_000)
    candle_one = worker_side(worker, "candle, 1 pair", "candle 1", 1)
    onnx_best = best_setting("onnxruntime", rivals["onnxruntime"], rows)
    torch_best = best_setting("pytorch", rivals["pytorch"], rows)
    sides = [peak, ours, candle, onnx_best, torch_best, ours_many, ours_one, candle_one]
    take_turns(sides, arguments.turns)

    work, most = worker.ask("work"), peak.median()

    def fraction(side):
        return work / side.per_pair() / most

    figures = {
        "fma_peak_fraction": {"f32_1000": fraction(ours), "f32_1000000": fraction(ours_many)},
        "ratio_to": {
            "onnxruntime": onnx_best.per_pair() / ours.per_pair(),
            "pytorch": torch_best.per_pair() / ours.per_pair(),
            "candle": candle.per_pair() / ours.per_pair(),
        },
        "latency_ratio_to_candle_n1": ours_one.median() / candle_one.median(),
    }

    heading = f"one thread, CPU time, medians of {arguments.turns} turns"
    print(f"{heading}; FMA peak {most / 1e9:.1f} G/s, {work:.0f} per pair\n")
    print(f"{'side':42} {'per call':>11} {'per pair':>10} {'of peak':>8}")
    for side in sides[1:]:
        per_call, per_pair = f"{side.median() * 1e6:,.2f} µs", f"{side.per_pair() * 1e9:,.1f} ns"
        print(f"{side.name:42} {per_call:>11} {per_pair:>10} {fraction(side):8.3f}")
    print()
    flat = {**figures["fma_peak_fraction"], **figures["ratio_to"]}
    flat["latency_ratio_to_candle_n1"] = figures["latency_ratio_to_candle_n1"]
    for name, value in flat.items():
        goal, relation = GOALS[name]
        met = value >= goal if relation == "≥" else value <= goal
        print(f"{name:28} {value:6.3f}   goal {relation} {goal}: {'met' if met else 'MISSED'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    in_own_environment()
    import numpy
    import onnx
    import onnx.helper
    import onnx.numpy_helper
    import onnxruntime
    import torch

    main()
