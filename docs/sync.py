#!/usr/bin/env python3
"""Write code, tables and numbers into the documentation; nothing of them is typed by hand.

Between a marker and its end, in README.md, docs/*.md and chapters/*/README.md, this script puts

    <!-- code FILE [MARK] --> ... <!-- /code -->          the lines of FILE between two `// [MARK]` lines
    <!-- ladder|counters|mnist|kernels RESULT.json --> ... <!-- /ladder|... -->   a table of docs/tables.py
    <!-- tests FOLDER [NAMES] --> ... <!-- /tests -->       what the tests of a folder are about, by their first lines
    <!-- hardware FOLDER --> ... <!-- /hardware -->        the profiler's counts beside those of every GPU in FOLDER
    <!-- number RESULT.json PATH [FORMAT] --> ... <!-- /number -->   one figure, by its path in the file (a.b.0)

docs/sync.py           rewrites the files
docs/sync.py --check   changes nothing and fails if a file would change
"""
import json
import pathlib
import re
import sys

import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARKER = re.compile(r"<!-- (code|hardware|number|tests|ladder|counters|mnist|kernels) ([^>]*?) -->(.*?)<!-- /\1 -->", re.S)


def fail(message):
    sys.exit(f"docs/sync.py: {message}")


def code(path, mark=None):
    lines = (ROOT / path).read_text().splitlines()
    if mark:
        at = [i for i, line in enumerate(lines) if line.strip() in (f"// [{mark}]", f"# [{mark}]")]
        if len(at) != 2:
            fail(f"{path} has {len(at)} lines '// [{mark}]', wants 2")
        lines = lines[at[0] + 1:at[1]]
    indent = min((len(l) - len(l.lstrip()) for l in lines if l.strip()), default=0)
    language = {"py": "python", "sh": "bash"}.get(path.rsplit(".", 1)[-1], "cpp")
    return f"\n```{language}\n" + "\n".join(l[indent:] for l in lines) + "\n```\n"


def load(path):
    try:
        return json.loads((ROOT / path).read_text())
    except (OSError, ValueError) as error:
        fail(f"{path}: {error}")


def number(path, keys, form="{:.3g}"):
    value = load(path)
    for key in keys.split("."):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return tables.human_time(value) if form == "time" else form.format(value)


def tests(folder, names="*"):
    rows = []
    for file in sorted((ROOT / folder).glob(names + "_test.c*")):
        text = file.read_text()
        head = re.match(r"(?://+.*\n)+", text).group(0)
        about = " ".join(re.sub(r"^//+", "", head, flags=re.M).split())
        count = len(re.findall(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST|RACE_CASE)\(", text, re.M))
        rows.append([about.rstrip("."), str(count), f"`{file.name}`"])
    return "\n" + tables.table(["what is tested", "tests", "in"], rows, 1) + "\n"


def hardware(folder):
    files = sorted((ROOT / folder).glob("*/counters.json"))
    if not files:
        return "\n*Not held beside a GPU yet: no result of `scripts/gpu-check counters` lies in `" + folder + "`.*\n"
    return "\n" + "\n\n".join(tables.hardware(load(file)) for file in files) + "\n"


def fill(match):
    kind, words, _ = match.groups()
    if kind in (own := {"code": code, "hardware": hardware, "number": number, "tests": tests}):
        text = own[kind](*words.split())
    else:
        text = "\n" + getattr(tables, kind)(load(words)) + "\n"
    return f"<!-- {kind} {words} -->{text}<!-- /{kind} -->"


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        fail("usage: docs/sync.py [--check]")
    stale = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("chapters/*/README.md"))]:
        old = page.read_text()
        new = MARKER.sub(fill, old)
        if new != old:
            stale.append(str(page.relative_to(ROOT)))
            if not check:
                page.write_text(new)
    print("\n".join(f"{'stale' if check else 'wrote'}: {name}" for name in stale) or "documentation is in step")
    if check and stale:
        fail("run docs/sync.py and commit what it wrote")


if __name__ == "__main__":
    main()
