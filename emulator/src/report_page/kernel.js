// A kernel: its counters in words, its findings, its lines.

const shortName = name => name.replace(/ \[with .*\]$/, "").replace(/\(.*\)$/, "")
    .replace(/^.*::(?=\w+(<.*)?$)/, "");

function drawTabs() {
  byId("tabs").replaceChildren(...kernels.map((kernel, i) => make("button", {
    type: "button", role: "tab", id: `tab-${i}`, "aria-selected": i === state.kernel,
        "aria-controls": "kernel",
    tabindex: i === state.kernel ? 0 : -1, onclick: () => showKernel(i),
  }, profiles.length > 1 ? `${kernel.rung}: ${shortName(kernel.name)}` : shortName(kernel.name))));
}

function memoryTable(total) {
  const rows = [];
  for (const kind of ["load", "store", "atomic"]) {
    const [requests, sectors, bytes] =
        ["requests", "sectors", "bytes"].map(what => total[`${kind}_${what}`] ?? 0);
    if (requests) rows.push([`global ${kind}s`, grouped(requests), grouped(sectors) + " sectors",
        quotient(sectors, requests),
                             `${percent(bytes, 32 * sectors)} of the bytes used`]);
  }
  for (const kind of ["load", "store", "atomic"]) {
    const [requests, waves, ideal] =
        ["requests", "wavefronts", "ideal"].map(what => total[`shared_${kind}_${what}`] ?? 0);
    if (requests) rows.push([`shared ${kind}s`, grouped(requests), grouped(waves) + " wavefronts",
        quotient(waves, requests),
                             plural(waves - ideal, "conflict")]);
  }
  if (!rows.length) return make("p", {class: "faint"}, "No request to global or shared memory was counted.");
  return make("table", {}, make("thead", {},
      make("tr", {}, ...["", "requests", "", "a request", ""].map(head => make("th", {}, head)))),
    make("tbody", {}, ...rows.map(([head, ...cells]) => make("tr", {}, make("th", {scope: "row"}, head),
      ...cells.map(cell => make("td", {class: "mono"}, cell))))));
}

const share = (part, whole) => `${whole ? (100 * part / whole).toFixed(1) : 0} %`;
const tera = perSecond => `${(perSecond / 1e12).toPrecision(4)} TFLOP/s`;

/** Caches, arithmetic, the roof and occupancy: a row of words for each of which something is known. */
function others({total, needs, roofline, gpu, footprint_bytes: footprint}) {
  const rows = [];
  if (total.l2_sectors) {
    rows.push(["caches", `${share(total.l1_hit_sectors, total.load_sectors)} of loads found in L1, `
      + `${share(total.l2_hit_sectors, total.l2_sectors)} of the rest in L2; `
      + `${grouped(32 * total.dram_sectors)} bytes from and to memory, `
      + `for ${grouped(footprint)} different ones`]);
  }
  const flops = ["fp16", "fp32", "fp64", "tensor"].map(kind => [kind, total[`${kind}_flops`]])
    .filter(([, n]) => n);
  if (flops.length) {
    rows.push(["arithmetic", flops.map(([kind, n]) => `${grouped(n)} ${kind} flops`).join(", ")]);
  }
  if (roofline) {
    rows.push(["roofline", `${roofline.intensity.toPrecision(4)} flop/byte, `
      + `under the roof of ${roofline.bound} `
      + `(ridge at ${roofline.ridge.toPrecision(4)}): at most ${tera(roofline.attainable_flops_per_second)} `
      + `of ${tera(roofline.peak_flops_per_second)}`]);
  }
  if (needs) {
    const percent = occupancy => `${occupancy.percent.toFixed(0)} %`;
    const {blocks, limit} = needs.occupancy;
    rows.push(["occupancy", `${percent(needs.occupancy)}: ${plural(blocks, "block")} of `
      + `${grouped(needs.threads)} threads, limited by ${limit}; `
      + `${grouped(needs.shared_bytes)} bytes of shared memory, `
      + `${needs.registers ?? "unknown"} registers`
      + (needs.registers_from ? `, from ${needs.registers_from}` : "")]);
    rows.push(["what if", needs.what_if
      .map(other => `blocks of ${other.threads}: ${percent(other.occupancy)}`)
      .join(", ")]);
  }
  if (rows.length === 0) return [];
  return [make("table", {},
    make("thead", {}, make("tr", {}, make("th", {}), make("th", {class: "words"}, gpu ?? ""))),
    make("tbody", {}, ...rows.map(([name, text]) => make("tr", {}, make("th", {scope: "row"}, name),
      make("td", {class: "words"}, text)))))];
}

const raceText = ({scope, place, count, first, second, advice,
    benign}) => `${benign ? "Benign race" : "Race"} (${scope}) at ${place}: `
  + [first, second].map(({what, file, line, block,
      thread}) => `thread ${thread} of block ${block} ${what} at ${file.replace(/^.*\//, "")}:${line}`)
    .join("; ") + ` (${plural(count, "time")}). ${advice}`;
const wrongText = ({kind, place, count, access: {what, file, line, block, thread}}) =>
  `${kind}: thread ${thread} of block ${block} ${what} ${place} at ${file.replace(/^.*\//, "")}:${line} `
  + `(${plural(count, "time")}).`;
/** Of a kernel: what the profiler tells in words, each with the line that it is about. */
const findingsOf = kernel => [...(kernel.findings ?? []),
  ...kernel.wrong.map(wrong => ({file: wrong.access.file, line: wrong.access.line, text: wrongText(wrong)})),
  ...kernel.races.map(race => ({file: race.first.file, line: race.first.line, text: raceText(race)}))];
/** Where a finding's line stands among those that have counters; -1 where it does not. */
const lineOf = (kernel, finding) => finding.line
  ? kernel.lines.findIndex(({file, line}) => line === finding.line
      && (!finding.file || file === finding.file)) : -1;

function drawSummary(kernel) {
  const extent = v => v.filter((n, i) => i === 0 || v.slice(i).some(rest => rest > 1)).map(grouped)
      .join(" × ");
  const traced = kernel.traced_blocks === kernel.blocks ? "all traced"
      : `${grouped(kernel.traced_blocks)} traced`;
  const findings = findingsOf(kernel);
  const c = kernel.total;
  const warps = `${quotient(c.lanes, c.instructions) || "no"} active lanes at an instruction; `
    + `${quotient(100 * c.divergent_steps, c.steps) || "0.00"} % of the basic blocks diverged; `
    + `${quotient(c.block_barriers, kernel.traced_warps) || "no"} barriers a warp`;
  byId("summary").replaceChildren(
    make("h2", {class: "mono"}, kernel.name),
    make("p", {}, `${plural(kernel.launches, "launch").replace("launchs", "launches")} of `
      + `${extent(kernel.grid)} blocks, each of ${extent(kernel.block)} threads; `
      + `${plural(kernel.blocks, "block")}, ${traced}. ${warps}.`),
    make("div", {class: "figures"}, memoryTable(kernel.total), ...others(kernel)),
    findings.length ? make("ul", {class: "findings", "aria-label": "findings"}, ...findings.map(finding => {
      const at = lineOf(kernel, finding);
      return make("li", {}, finding.text, at < 0 ? "" : " ", at < 0 ? "" : make("a", {
        href: `#line-${at}`, "aria-label": `show line ${finding.line}`,
        onclick: event => { event.preventDefault(); chooseLine(at, true); }}, "show"));
    })) : "");
}

function drawSource(kernel) {
  const live = columns.filter(column => kernel.lines.some(line => column.text(line.counts) !== ""));
  const most = live.map(column => Math.max(...kernel.lines.map(line => Number(column.heat(line.counts))
      || 0)));
  const marked = new Set(findingsOf(kernel).filter(finding => finding.line)
      .map(finding => `${finding.file ?? kernel.file}:${finding.line}`));
  const files = [...new Set(kernel.lines.map(line => line.file))];
  files.sort((a, b) => (b === kernel.file) - (a === kernel.file));  // the kernel's own first
  const head = make("thead", {}, make("tr", {}, make("th", {scope: "col"}, "line"),
      make("th", {"aria-label": "findings"}),
    ...live.map(column => make("th", {scope: "col", title: column.why}, column.head)),
        make("th", {scope: "col"}, "source")));

  const rowOf = (number, text, at, file) => {
    const line = at === undefined ? null : kernel.lines[at];
    const isMarked = marked.has(`${file}:${number}`);
    return make("tr", line === null ? {}
        : {class: "counted", id: `line-${at}`, tabindex: -1, "aria-selected": false,
                                           onclick: () => chooseLine(at, true)},
      make("td", {class: "number"}, number ? String(number) : "?"),
      make("td", {class: "mark"}, isMarked
          ? make("span", {role: "img", "aria-label": "has a finding", title: "has a finding"}, "▲") : ""),
      ...live.map((column, i) => {
        const share = line && most[i] > 0 ? Number(column.heat(line.counts)) / most[i] : 0;
        return make("td", share > 0 ? {class: "heat", style: `--share:${share.toFixed(3)}`} : {}, line
            ? column.text(line.counts) : "");
      }),
      make("td", {class: "code"}, text || " "));
  };

  byId("source").replaceChildren(...files.map(file => {
    const counted = new Map(kernel.lines.map((line, at) => [line, at]).filter(([line]) => line.file === file)
        .map(([line, at]) => [line.line, at]));
    const lines = data.sources[file] ?? [];
    const rows = [];
    let hidden = 0;
    const tellHidden = () => {
      if (hidden) rows.push(make("tr", {class: "gap"},
          make("td", {colspan: live.length + 3}, `… ${plural(hidden, "line")} without counters`)));
      hidden = 0;
    };
    for (let number = 1; number <= lines.length; ++number) {
      if (lines[number - 1] === null) { ++hidden; continue; }
      tellHidden();
      rows.push(rowOf(number, lines[number - 1], counted.get(number), file));
    }
    tellHidden();
    for (const [number, at] of counted) {  // of files that are not at hand
      if (number < 1 || number > lines.length) rows.push(rowOf(number, kernel.lines[at].source
          || "(source not at hand)", at, file));
    }
    return make("div", {class: "file"}, make("div", {class: "path mono"}, file || "(line unknown)"),
      make("div", {class: "scroll"}, make("table", {}, head.cloneNode(true), make("tbody", {}, ...rows))));
  }));
}
