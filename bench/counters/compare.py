#!/usr/bin/env python3
"""Hold our profiler's counts beside those of Nsight Compute, on a machine with a GPU.

bench/counters/compare.py OUT.json [RUNG...]   micro-patterns (patterns.cu) and rungs (gemm/01_naive ...; without any, all)

Wants nvcc, ncu, and the builds of the presets cuda, cpu and cpu-profile. OUT.json holds both columns; those that differ are
printed. Ends with 1 where a pattern differs at all, or a rung by more than 2 %.
"""
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
GLOBAL = "l1tex__t_{}_pipe_lsu_mem_global_op_{}.sum"
WAVEFRONTS = "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_{}.sum"
CONFLICTS = "l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_{}.sum"
# Sums of our counters, and of Nsight Compute's metrics.
COUNTERS = {
    "load requests": (["load_requests"], [GLOBAL.format("requests", "ld")]),
    "load sectors": (["load_sectors"], [GLOBAL.format("sectors", "ld")]),
    "store requests": (["store_requests"], [GLOBAL.format("requests", "st")]),
    "store sectors": (["store_sectors"], [GLOBAL.format("sectors", "st")]),
    "atomic sectors": (["atomic_sectors"], [GLOBAL.format("sectors", "atom"), GLOBAL.format("sectors", "red")]),
    "shared load wavefronts": (["shared_load_wavefronts"], [WAVEFRONTS.format("ld")]),
    "shared store wavefronts": (["shared_store_wavefronts"], [WAVEFRONTS.format("st")]),
    "bank conflicts": (["conflicts_4", "conflicts_8", "conflicts_16"], [CONFLICTS.format("ld"), CONFLICTS.format("st")]),
}
METRICS = sorted({metric for _, metrics in COUNTERS.values() for metric in metrics})
MOST_OFF = {"pattern": 0.0, "rung": 0.02}


def fail(message):
    sys.exit(f"bench/counters/compare.py: {message}")


def output_of(*command, **environment):
    print("+", *[word for word in command if str(word) != ",".join(METRICS)], flush=True)
    try:
        ran = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True,
                             env={**os.environ, **environment})
    except OSError as error:
        fail(f"{command[0]}: {error.strerror}")
    if ran.returncode:
        fail(f"{command[0]} ended with status {ran.returncode}:\n{(ran.stdout + ran.stderr)[-2000:]}")
    return ran.stdout


def launches(text):
    """What `ncu --csv` prints, beside what the program itself does: the metrics of every launch, in order."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith('"ID"')), None)
    if first is None:
        fail(f"ncu printed no table:\n{text[-2000:]}")
    found = {}
    for row in csv.DictReader(io.StringIO("\n".join(line for line in lines[first:] if line.startswith('"')))):
        value = row["Metric Value"].replace(",", "")
        if not value.replace(".", "", 1).isdigit():
            fail(f"ncu could not measure {row['Metric Name']}: '{row['Metric Value']}'")
        found.setdefault(int(row["ID"]), {})[row["Metric Name"]] = float(value)
    return [found[launch] for launch in sorted(found)]


def measured(*command):
    # The clocks stay as they are: nothing here is a time.
    return launches(output_of("ncu", "--csv", "--print-units", "base", "--clock-control", "none", "--metrics",
                              ",".join(METRICS), *command))


def compared(name, kind, model, hardware):
    """Both columns of one pattern or rung, whose launches are added up."""
    counters = {}
    for counter, (ours, theirs) in COUNTERS.items():
        a = sum(launch.get(key, 0) for launch in model for key in ours)
        b = sum(launch.get(key, 0) for launch in hardware for key in theirs)
        off = abs(a - b) / b if b else float(a != 0)
        counters[counter] = {"model": a, "hardware": b, "agrees": off <= MOST_OFF[kind]}
    return {"name": name, "kind": kind, "counters": counters}


def patterns():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        source, ours, theirs = ROOT / "bench/counters/patterns.cu", scratch / "ours", scratch / "theirs"
        output_of(BUILD / "cpu-profile/bin/gridstride-cc", "--profile", source, "-o", ours)
        names = output_of(ours, GRIDSTRIDE_PROFILE=str(scratch / "ours.json")).split("\n")[:-1]
        model = [kernel["total"] for kernel in json.loads((scratch / "ours.json").read_text())["kernels"]]
        output_of("nvcc", "-std=c++20", "-O3", "-arch=native", source, "-o", theirs)
        hardware = measured(theirs)
    if not len(names) == len(model) == len(hardware):
        fail(f"{len(names)} patterns, but {len(model)} kernels profiled and {len(hardware)} measured")
    return [compared(name, "pattern", [a], [b]) for name, a, b in zip(names, model, hardware)]


def ladders():
    """Of every rung that runs here: the words that name its problem."""
    listed = json.loads(output_of(BUILD / "cpu-profile/bin/gridstride", "list", "--json"))
    words = {}
    for op in listed["operations"]:
        problem = [word for field in op["fields"] for word in ("--" + field["name"], field["bench"])]
        words |= {f"{op['operation']}/{rung['name']}": problem for rung in op["variants"]
                  if rung["runs"] and not rung["library"]}
    return words


def rung(name, problem):
    with tempfile.TemporaryDirectory() as scratch:
        profile = pathlib.Path(scratch) / "profile.json"
        output_of(BUILD / "cpu-profile/bin/gridstride", "profile", name, *problem, "--json", profile)
        model = [kernel["total"] for kernel in json.loads(profile.read_text())["kernels"]]
    return compared(name, "rung", model, measured(BUILD / "cuda/bin/gridstride", "run", name, *problem))


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    out, wanted = pathlib.Path(sys.argv[1]), sys.argv[2:]
    known = ladders()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        fail(f"no rung '{unknown[0]}' runs here; there are {' '.join(known)}")
    results = patterns() + [rung(name, known[name]) for name in wanted or known]
    doctor = json.loads(output_of(BUILD / "cuda/bin/gridstride", "doctor", "--json"))
    out.write_text(json.dumps({"results": results, "environment": doctor}, indent=2) + "\n")
    different = [(result, counter, of) for result in results for counter, of in result["counters"].items() if not of["agrees"]]
    for result, counter, of in different:
        print(f"{result['name']:<32}{counter:<26}{of['model']:>14,.0f} model{of['hardware']:>14,.0f} hardware")
    print(f"{len(results)} patterns and rungs, {len(different)} counters differ")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
