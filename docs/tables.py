"""Markdown tables out of result files, for docs/sync.py."""


def human_time(seconds):
    for scale, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def figure(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def table(head, rows, numbers_from=2, numbers_to=None):
    rule = ["--:" if i in range(len(head))[numbers_from:numbers_to] else "---" for i in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def machine(environment):
    words = (environment.get(key) for key in ("machine", "device", "compiler", "commit", "date"))
    return "; ".join(str(w) for w in words if w)


def ladder(result):
    """Rung, idea, median time with spread, rate, ratio to the first rung and to the library."""
    bound_by_memory = result["cost"]["flops"] < result["cost"]["bytes"]
    rate, unit = ("gb_per_s", "GB/s") if bound_by_memory else ("gflop_per_s", "GFLOP/s")
    beside = any("x_library" in rung for rung in result["rungs"])
    head = ["rung", "idea", "time", "± ", unit, "x first", *(["x library"] if beside else [])]
    rows = []
    for rung in result["rungs"]:
        if not rung["measured"]:
            rows.append([f"`{rung['variant']}`", f"{rung['idea']} *(not run: {rung['why_not']})*"] + [""] * (len(head) - 2))
            continue
        t = rung["seconds"]
        spread = (t["upper_quartile"] - t["lower_quartile"]) / (2 * t["median"])
        row = [f"`{rung['variant']}`", rung["idea"], human_time(t["median"]), f"{spread:.0%}", figure(rung[rate]), figure(rung["x_first"])]
        rows.append(row + ([figure(rung["x_library"]) if "x_library" in rung else ""] if beside else []))
    cache = "cold cache" if result["cold_cache"] else f"{result['launches_per_sample']} launches a sample"
    where = f"`{result['problem']}`, {cache}, median and half the distance of the quartiles. {machine(result['environment'])}."
    return table(head, rows) + "\n\n*" + where + "*"


def counters(result):
    """What the profiler counts of every rung, side by side."""
    head = ["rung", "sectors moved", "a load", "a store", "shared wavefronts", "conflicts", "active lanes", "barriers a warp", "findings"]
    rows = []
    for rung in result["rungs"]:
        if not rung["profiled"]:
            continue
        c = rung["counters"]
        each = {kind: c[f"{kind}_sectors"] / c[f"{kind}_requests"] if c[f"{kind}_requests"] else None for kind in ("load", "store")}
        shared = sum(c[f"shared_{kind}_wavefronts"] for kind in ("load", "store", "atomic"))
        row = [sum(c[f"{kind}_sectors"] for kind in ("load", "store", "atomic")), each["load"], each["store"], shared,
               sum(c[f"conflicts_{width}"] for width in (4, 8, 16)), c["lanes"] / c["instructions"],
               c["block_barriers"] / rung["warps"]]
        kinds = list(dict.fromkeys(finding["kind"] for finding in rung["findings"]))
        rows.append([f"`{rung['variant']}`", *("" if not x else f"{x:,}" if isinstance(x, int) else f"{x:.2f}" for x in row),
                     ", ".join(kinds)])
    left_out = [f"`{rung['variant']}` ({rung['why_not']})" for rung in result["rungs"] if not rung["profiled"]]
    # Counts do not depend on the machine.
    where = f"`{result['problem']}`; compiled by {result['environment']['compiler']}, {result['environment']['commit']}."
    return table(head, rows, 1, -1) + f"\n\n*{where}" + (f" Not profiled: {', '.join(left_out)}." if left_out else "") + "*"


def mnist(result):
    """Epochs of a training run, its last word and its cost."""
    head = ["epoch", "training loss", "training accuracy", "test loss", "test accuracy", "seconds so far"]
    rows = [[str(e["epoch"]), f"{e['train_loss']:.4f}", f"{e['train_accuracy']:.2%}", f"{e['test_loss']:.4f}",
             f"**{e['test_accuracy']:.2%}**", f"{e['seconds']:.0f}"] for e in result["epochs"]]
    last = (f"{result['training_images']:,} images of {result['dataset']}, {result['steps']:,} steps, "
            f"{result['seconds']:.0f} s, {result['peak_memory_bytes'] / 2**20:.0f} MiB at most. {machine(result['environment'])}.")
    return table(head, rows, 0) + "\n\n*" + last + "*"


def kernels(result):
    """Seconds of the same training with other kernels, as ratios in one run of the measuring script."""
    head = ["kernels", "seconds", "x the default"]
    rows = [[f"`{r['kernels']}`" if r["kernels"] else "the default", figure(r["seconds"]), f"{r['ratio']:.2f}"]
            for r in result["runs"]]
    return table(head, rows, 1) + f"\n\n*{result['images']:,} images, one epoch. {machine(result['environment'])}.*"


def hardware(result):
    """What differs between the profiler's model and a GPU; how much agrees."""
    counts = [(of["name"], counter, both) for of in result["results"] for counter, both in of["counters"].items()]
    rows = [[f"`{name}`", counter, figure(both["model"]), figure(both["hardware"])]
            for name, counter, both in counts if not both["agrees"]]
    told = table(["pattern or rung", "counter", "model", "hardware"], rows) + "\n\n" if rows else ""
    kinds = [of["kind"] for of in result["results"]]
    return (f"{told}*{kinds.count('pattern')} patterns and {kinds.count('rung')} rungs: {len(counts) - len(rows):,} of {len(counts):,} "
            f"counters agree. {machine(result['environment'])}.*")
