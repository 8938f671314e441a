// A kernel: its counters in words, and its findings.

const shortName = name =>
    name.replace(/ \[with .*\]$/, "").replace(/\(.*\)$/, "").replace(/^.*::(?=\w+(<.*)?$)/, "");

function drawTabs() {
  byId("tabs").replaceChildren(...kernels.map(
      (kernel, i) => make(
          "button", {
            type: "button",
            role: "tab",
            id: `tab-${i}`,
            "aria-selected": i === state.kernel,
            "aria-controls": "kernel",
            tabindex: i === state.kernel ? 0 : -1,
            onclick: () => showKernel(i),
          },
          profiles.length > 1 ? `${kernel.rung}: ${shortName(kernel.name)}` : shortName(kernel.name))));
}

function memoryTable(total) {
  const rows = [];
  for (const kind of ["load", "store", "atomic"]) {
    const [requests, sectors, bytes] =
        ["requests", "sectors", "bytes"].map(what => total[`${kind}_${what}`] ?? 0);
    if (requests)
      rows.push([
        `global ${kind}s`, grouped(requests), grouped(sectors) + " sectors", quotient(sectors, requests),
        `${percent(bytes, 32 * sectors)} of the bytes used`
      ]);
  }
  for (const kind of ["load", "store", "atomic"]) {
    const [requests, waves, ideal] =
        ["requests", "wavefronts", "ideal"].map(what => total[`shared_${kind}_${what}`] ?? 0);
    if (requests)
      rows.push([
        `shared ${kind}s`, grouped(requests), grouped(waves) + " wavefronts", quotient(waves, requests),
        plural(waves - ideal, "conflict")
      ]);
  }
  if (!rows.length) return make("p", {class: "faint"}, "No request to global or shared memory was counted.");
  const heads = ["", "requests", "", "a request", ""].map(head => make("th", {}, head));
  const bodyRow = ([head, ...cells]) => make(
      "tr", {}, make("th", {scope: "row"}, head), ...cells.map(cell => make("td", {class: "mono"}, cell)));
  return make(
      "table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows.map(bodyRow)));
}

const share = (part, whole) => `${whole ? (100 * part / whole).toFixed(1) : 0} %`;
const tera = perSecond => `${(perSecond / 1e12).toPrecision(4)} TFLOP/s`;

/** Caches, arithmetic, the roof and occupancy: a row of words for each of which something is known. */
function others({total, needs, roofline, gpu, footprint_bytes: footprint}) {
  const rows = [];
  if (total.l2_sectors) {
    rows.push([
      "caches",
      `${share(total.l1_hit_sectors, total.load_sectors)} of loads found in L1, ` +
          `${share(total.l2_hit_sectors, total.l2_sectors)} of the rest in L2; ` +
          `${grouped(32 * total.dram_sectors)} bytes from and to memory, ` +
          `for ${grouped(footprint)} different ones`
    ]);
  }
  const flops =
      ["fp16", "fp32", "fp64", "tensor"].map(kind => [kind, total[`${kind}_flops`]]).filter(([, n]) => n);
  if (flops.length) {
    rows.push(["arithmetic", flops.map(([kind, n]) => `${grouped(n)} ${kind} flops`).join(", ")]);
  }
  if (roofline) {
    rows.push([
      "roofline",
      `${roofline.intensity.toPrecision(4)} flop/byte, ` +
          `under the roof of ${roofline.bound} ` +
          `(ridge at ${roofline.ridge.toPrecision(4)}): at most ${
              tera(roofline.attainable_flops_per_second)} ` +
          `of ${tera(roofline.peak_flops_per_second)}`
    ]);
  }
  if (needs) {
    const percent = occupancy => `${occupancy.percent.toFixed(0)} %`;
    const {blocks, limit} = needs.occupancy;
    rows.push([
      "occupancy",
      `${percent(needs.occupancy)}: ${plural(blocks, "block")} of ` +
          `${grouped(needs.threads)} threads, limited by ${limit}; ` +
          `${grouped(needs.shared_bytes)} bytes of shared memory, ` +
          `${needs.registers ?? "unknown"} registers` +
          (needs.registers_from ? `, from ${needs.registers_from}` : "")
    ]);
    rows.push([
      "what if", needs.what_if.map(({change, occupancy}) => `${change}: ${percent(occupancy)}`).join(", ")
    ]);
  }
  if (rows.length === 0) return [];
  const head = make("tr", {}, make("th", {}), make("th", {class: "words"}, gpu ?? ""));
  const bodyRow = ([name, text]) =>
      make("tr", {}, make("th", {scope: "row"}, name), make("td", {class: "words"}, text));
  return [make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows.map(bodyRow)))];
}

const raceText = ({scope, place, count, first, second, advice, benign}) =>
    `${benign ? "Benign race" : "Race"} (${scope}) at ${place}: ` +
    [first, second]
        .map(
            ({what, file, line, block, thread}) =>
                `thread ${thread} of block ${block} ${what} at ${file.replace(/^.*\//, "")}:${line}`)
        .join("; ") +
    ` (${plural(count, "time")}). ${advice}`;
const wrongText = ({kind, place, count, access: {what, file, line, block, thread}}) =>
    `${kind}: thread ${thread} of block ${block} ${what} ${place} at ${file.replace(/^.*\//, "")}:${line} ` +
    `(${plural(count, "time")}).`;
/** Of a kernel: what the profiler tells in words, each with the line that it is about. */
const findingsOf = kernel =>
    [...(kernel.findings ?? []),
     ...kernel.wrong.map(
         wrong => ({file: wrong.access.file, line: wrong.access.line, text: wrongText(wrong)})),
     ...kernel.races.map(race => ({file: race.first.file, line: race.first.line, text: raceText(race)}))];
/** Where a finding's line stands among those that have counters; -1 where it does not. */
const lineOf = (kernel, finding) => finding.line ?
    kernel.lines.findIndex(
        ({file, line}) => line === finding.line && (!finding.file || file === finding.file)) :
    -1;

function findingItem(kernel, finding) {
  const at = lineOf(kernel, finding);
  if (at < 0) return make("li", {}, finding.text);
  const show = event => {
    event.preventDefault();
    chooseLine(at, true);
  };
  const link = {href: `#line-${at}`, "aria-label": `show line ${finding.line}`, onclick: show};
  return make("li", {}, finding.text, " ", make("a", link, "show"));
}

function drawSummary(kernel) {
  const extent = v => {
    const told = v.filter((n, i) => i === 0 || v.slice(i).some(rest => rest > 1));
    return told.map(grouped).join(" × ");
  };
  const isWhole = kernel.traced_blocks === kernel.blocks;
  const traced = isWhole ? "all traced" : `${grouped(kernel.traced_blocks)} traced`;
  const c = kernel.total;
  const items = findingsOf(kernel).map(finding => findingItem(kernel, finding));
  byId("summary").replaceChildren(
      make("h2", {class: "mono"}, kernel.name),
      make(
          "p", {},
          `${plural(kernel.launches, "launch", "launches")} of ` +
              `${extent(kernel.grid)} blocks, each of ${extent(kernel.block)} threads; ` +
              `${plural(kernel.blocks, "block")}, ${traced}. ` +
              `${quotient(c.lanes, c.instructions) || "no"} active lanes at an instruction; ` +
              `${quotient(100 * c.divergent_steps, c.steps) || "0.00"} % of the basic blocks diverged; ` +
              `${quotient(c.block_barriers, kernel.traced_warps) || "no"} barriers a warp.`),
      make("div", {class: "figures"}, memoryTable(c), ...others(kernel)),
      items.length ? make("ul", {class: "findings", "aria-label": "findings"}, ...items) : "");
}
