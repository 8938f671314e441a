#!/usr/bin/env python3
"""Make the result files again that README.md and the chapters quote: bench/results/<device>/*.json and the ladders' charts.

bench/measure.py [NAME...]     names: gemm transpose vector_add profile goals mnist mnist_kernels build; without any, all of them

Wants a quiet machine, and the real MNIST (GRIDSTRIDE_DATA_DIR, or ./gridstride data fetch mnist). Afterwards docs/sync.py
writes the new figures into the pages.
"""
import functools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench/results/cpu"
LADDERS = ["gemm", "transpose", "vector_add"]  # those that chapters tell of
CHARTS = {"gemm": "chapters/04_gemm/ladder.svg"}
TRAINED_WITH = ["", "gemm=01_naive", "conv2d=01_direct", "conv2d_dgrad=01_direct", "conv2d_wgrad=01_direct",
                "gemm=01_naive,conv2d=01_direct,conv2d_dgrad=01_direct,conv2d_wgrad=01_direct"]
TURNS = 3


def gridstride(*words, fine=(0,)):
    print("+ ./gridstride", *words, flush=True)
    status = subprocess.run([ROOT / "gridstride", *words], cwd=ROOT).returncode
    if status not in fine:
        sys.exit(f"bench/measure.py: that ended with status {status}")


def train(json_file, *words):
    with tempfile.TemporaryDirectory() as out:
        gridstride("train", "mnist", "--out", out, "--json", str(json_file), *words)
    result = json.loads(json_file.read_text())
    if result["synthetic"]:
        sys.exit("bench/measure.py: these are synthetic digits, so nothing was kept; set GRIDSTRIDE_DATA_DIR")
    # Where the files lay and the run was kept is this machine's business.
    del result["data_folder"], result["checkpoint"]
    return result


def ladder(op):
    chart = ["--plot", str(ROOT / CHARTS[op])] if op in CHARTS else []
    gridstride("bench", op, "--json", str(RESULTS / f"{op}.json"), *chart)


def profile():
    """Counts, which are the same on a machine that is not quiet."""
    (RESULTS / "profile").mkdir(exist_ok=True)
    for op in LADDERS:
        gridstride("profile", op, "--json", str(RESULTS / f"profile/{op}.json"))


def goals():
    gridstride("bench", "goals", "--json", str(RESULTS / "goals.json"), fine=(0, 1))  # 1: a goal was missed


def mnist():
    with tempfile.TemporaryDirectory() as scratch:
        result = train(pathlib.Path(scratch) / "mnist.json")
    (RESULTS / "mnist.json").write_text(json.dumps(result, indent=2) + "\n")


def mnist_kernels():
    """The same short training with each set of kernels, in turns: all of them meet the same moods of the machine."""
    images, seconds = 3000, {kernels: [] for kernels in TRAINED_WITH}
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(TURNS):
            for kernels in TRAINED_WITH:
                words = ["--limit", str(images), "--epochs", "1", *(["--kernels", kernels] if kernels else [])]
                result = train(pathlib.Path(scratch) / "run.json", *words)
                seconds[kernels].append(result["training_seconds"])
    default = statistics.median(seconds[""])
    runs = [{"kernels": kernels, "seconds": statistics.median(s), "samples": s, "ratio": statistics.median(s) / default}
            for kernels, s in seconds.items()]
    text = json.dumps({"images": images, "runs": runs, "environment": result["environment"]}, indent=2)
    (RESULTS / "mnist_kernels.json").write_text(text + "\n")


def seconds_of(*command, cwd):
    print("+", *command, flush=True)
    began = time.monotonic()
    if subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, env={**os.environ, "CCACHE_DISABLE": "1"}).returncode:
        sys.exit("bench/measure.py: that did not build")
    return time.monotonic() - began


def build():
    """How long a new user waits, and how long somebody who edits one kernel does."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = pathlib.Path(scratch) / "gridstride"
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        program = seconds_of("./gridstride", "list", cwd=clone)
        doctor = subprocess.run(["./gridstride", "doctor", "--json"], cwd=clone, check=True, capture_output=True)
        kernel = clone / "kernels/gemm/06_vectorized.cu"
        kernel.write_text(kernel.read_text().replace("namespace {", "namespace {\n[[maybe_unused]] int edited;", 1))
        edited = seconds_of("./gridstride", "list", cwd=clone)
        seconds_of("cmake", "--preset", "cpu", "-DGRIDSTRIDE_TESTS=ON", cwd=clone)
        tests = seconds_of("cmake", "--build", "--preset", "cpu", cwd=clone)
    result = {"program_seconds": program, "one_kernel_edited_seconds": edited, "tests_on_top_seconds": tests,
              "goals": {"program_seconds": 360, "one_kernel_edited_seconds": 10}, "environment": json.loads(doctor.stdout)}
    (RESULTS / "build.json").write_text(json.dumps(result, indent=2) + "\n")


def main():
    ladders = {op: functools.partial(ladder, op) for op in LADDERS}
    makers = {**ladders, "profile": profile, "goals": goals, "mnist": mnist, "mnist_kernels": mnist_kernels, "build": build}
    wanted = sys.argv[1:] or list(makers)
    unknown = [name for name in wanted if name not in makers]
    if unknown:
        sys.exit(f"bench/measure.py: no result '{unknown[0]}'; there are {' '.join(makers)}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        makers[name]()


if __name__ == "__main__":
    main()
