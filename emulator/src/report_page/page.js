"use strict";
// One kernel is shown at a time, with one of its lines chosen, one of that line's requests, one wavefront of that
// request, and perhaps one lane. Every key and every click changes one of these and draws what depends on it.
const data = JSON.parse(document.getElementById("data").textContent);
const profiles = data.of.profiles;
const kernels = profiles.flatMap(({name, profile}) => profile.kernels.map(kernel => ({
  rung: name, races: (profile.races?.races ?? []).filter(race => race.kernel === kernel.name),
  wrong: (profile.races?.wrong ?? []).filter(wrong => wrong.kernel === kernel.name), ...kernel})));
const state = {kernel: 0, line: null, sample: 0, wavefront: 0, lane: null};

const byId = id => document.getElementById(id);
const grouped = n => n.toLocaleString("en-US");
const whole = n => n ? grouped(n) : "";
const quotient = (a, b) => b ? (a / b).toFixed(2) : "";
const percent = (a, b) => b ? `${Math.round(100 * a / b)} %` : "";
const plural = (n, one) => `${grouped(n)} ${one}${n === 1 ? "" : "s"}`;
const sum = (c, ...names) => names.reduce((total, name) => total + (c[name] ?? 0), 0);

/** An element; attributes that are null are left out, children are elements or text: never markup. */
function make(tag, attributes = {}, ...children) {
  const isDrawn = ["svg", "g", "rect", "text", "path", "title"].includes(tag);
  const element = isDrawn ? document.createElementNS("http://www.w3.org/2000/svg", tag)
      : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

// What a line's counters are shown as. `heat` is what the shade stands for, `text` what is written.
const ofKinds = (c, prefix, what) => sum(c, ...["load", "store", "atomic"].map(kind => `${prefix}${kind}_${what}`));
const global = c => ({requests: ofKinds(c, "", "requests"), sectors: ofKinds(c, "", "sectors"),
                      bytes: ofKinds(c, "", "bytes")});
const shared = c => ({requests: ofKinds(c, "shared_", "requests"), wavefronts: ofKinds(c, "shared_", "wavefronts"),
                      conflicts: sum(c, "conflicts_4", "conflicts_8", "conflicts_16")});
const flops = c => sum(c, "fp16_flops", "fp32_flops", "fp64_flops", "tensor_flops");
const columns = [
  {head: "warp instr.", why: "accesses and synchronizations that warps did", heat: c => c.instructions,
   text: c => whole(c.instructions)},
  {head: "active lanes", why: "lanes that took part, of 32",
   heat: c => c.instructions ? 32 - c.lanes / c.instructions : 0,
   text: c => quotient(c.lanes, c.instructions)},
  {head: "diver- gent", why: "of instructions and basic blocks, those with lanes missing",
   heat: c => sum(c, "divergent", "divergent_steps"),
   text: c => sum(c, "divergent", "divergent_steps")
       ? percent(sum(c, "divergent", "divergent_steps"), sum(c, "instructions", "steps")) : ""},
  {head: "flops", why: "floating-point operations", heat: flops, text: c => whole(flops(c))},
  {head: "global req.", why: "requests to global memory", heat: c => global(c).requests,
      text: c => whole(global(c).requests)},
  {head: "sect. /req.", why: "sectors of 32 bytes that a request moves",
      heat: c => quotient(global(c).sectors, global(c).requests),
   text: c => quotient(global(c).sectors, global(c).requests)},
  {head: "bytes used", why: "of the bytes moved, those that a lane asked for",
   heat: c => global(c).sectors ? Math.max(0, 1 - global(c).bytes / (32 * global(c).sectors)) : 0,
   text: c => percent(global(c).bytes, 32 * global(c).sectors)},
  {head: "memory bytes", why: "that come from behind all caches, or go there", heat: c => c.dram_sectors ?? 0,
   text: c => whole(32 * (c.dram_sectors ?? 0))},
  {head: "shared req.", why: "requests to shared memory", heat: c => shared(c).requests,
      text: c => whole(shared(c).requests)},
  {head: "waves /req.", why: "passes through the banks that a request takes",
   heat: c => quotient(shared(c).wavefronts, shared(c).requests),
       text: c => quotient(shared(c).wavefronts, shared(c).requests)},
  {head: "bank confl.", why: "passes beyond those that the width of the access needs",
   heat: c => shared(c).conflicts,
   text: c => whole(shared(c).conflicts)},
  {head: "barrier uneven", why: "what the busiest warp of a block does on the way to this barrier, in the mean's work",
   heat: c => c.barrier_idle, text: c => quotient(sum(c, "barrier_work", "barrier_idle"), c.barrier_work)},
  {head: "local req.", why: "accesses to a thread's own variables in memory", heat: c => c.local_requests,
   text: c => whole(c.local_requests)},
];

// ---------------------------------------------------------------- the ladder

function totalOf(profile) {
  const total = {};
  for (const kernel of profile.kernels) {
    for (const [name, value] of Object.entries(kernel.total)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}

const words = name => name.replaceAll("_", " ");

function drawLadder() {
  if (profiles.length < 2) return;
  const totals = profiles.map(({profile}) => totalOf(profile));
  const row = (head, values, show) => make("tr", {}, make("th", {scope: "row"}, head),
      ...values.flatMap((value, i) => [
    make("td", {class: "mono"}, show(value)),
    i === 0 ? null : make("td", {class: "mono faint"}, !values[0] ? (value ? "new" : "")
        : `×${(value / values[0]).toPrecision(3)}`),
  ]).filter(Boolean));
  const rows = Object.keys(totals[0]).filter(name => totals.some(total => total[name]))
    .map(name => row(words(name), totals.map(total => total[name] ?? 0), grouped));
  const per = [["sectors per global request", c => [global(c).sectors, global(c).requests]],
               ["wavefronts per shared request", c => [shared(c).wavefronts, shared(c).requests]],
               ["active lanes at an instruction", c => [c.lanes, c.instructions]],
               ["busiest warp's work at barriers", c => [sum(c, "barrier_work", "barrier_idle"), c.barrier_work]]];
  for (const [head, parts] of per) {
    const values = totals.map(total => { const [a, b] = parts(total); return b ? a / b : 0; });
    if (values.some(Boolean)) rows.push(row(head, values, value => value ? value.toFixed(2) : ""));
  }
  const heads = profiles.flatMap(({name}, i) => i === 0 ? [make("th", {scope: "col"}, name)]
    : [make("th", {scope: "col"}, name), make("th", {scope: "col"}, "ratio")]);
  byId("ladder").replaceChildren(make("h2", {}, "Side by side"),
    data.changed ? make("p", {}, data.changed) : "",
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}), ...heads)),
        make("tbody", {}, ...rows)));
  byId("ladder").hidden = false;
}

// ---------------------------------------------------------------- a kernel

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
      + `${grouped(32 * total.dram_sectors)} bytes from and to memory, for ${grouped(footprint)} different ones`]);
  }
  const flops = ["fp16", "fp32", "fp64", "tensor"].map(kind => [kind, total[`${kind}_flops`]]).filter(([, n]) => n);
  if (flops.length) rows.push(["arithmetic", flops.map(([kind, n]) => `${grouped(n)} ${kind} flops`).join(", ")]);
  if (roofline) {
    rows.push(["roofline", `${roofline.intensity.toPrecision(4)} flop/byte, under the roof of ${roofline.bound} `
      + `(ridge at ${roofline.ridge.toPrecision(4)}): at most ${tera(roofline.attainable_flops_per_second)} `
      + `of ${tera(roofline.peak_flops_per_second)}`]);
  }
  if (needs) {
    const percent = occupancy => `${occupancy.percent.toFixed(0)} %`;
    const {blocks, limit} = needs.occupancy;
    rows.push(["occupancy", `${percent(needs.occupancy)}: ${plural(blocks, "block")} of ${grouped(needs.threads)} `
      + `threads, limited by ${limit}; ${grouped(needs.shared_bytes)} bytes of shared memory, `
      + `${needs.registers ?? "unknown"} registers`
      + (needs.registers_from ? `, from ${needs.registers_from}` : "")]);
    rows.push(["what if", needs.what_if.map(other => `blocks of ${other.threads}: ${percent(other.occupancy)}`)
      .join(", ")]);
  }
  if (rows.length === 0) return [];
  return [make("table", {}, make("thead", {}, make("tr", {}, make("th", {}), make("th", {class: "words"}, gpu ?? ""))),
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
  const warps = `${quotient(kernel.total.lanes, kernel.total.instructions) || "no"} active lanes at an instruction; `
    + `${quotient(100 * kernel.total.divergent_steps, kernel.total.steps) || "0.00"} % of the basic blocks diverged; `
    + `${quotient(kernel.total.block_barriers, kernel.traced_warps) || "no"} barriers a warp`;
  byId("summary").replaceChildren(
    make("h2", {class: "mono"}, kernel.name),
    make("p", {}, `${plural(kernel.launches, "launch").replace("launchs", "launches")} of ${extent(kernel.grid)} blocks, each of `
      + `${extent(kernel.block)} threads; ${plural(kernel.blocks, "block")}, ${traced}. ${warps}.`),
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

// ---------------------------------------------------------------- a request

const kBanks = 32;

/** The passes that a request to shared memory takes: each of `banks` maps a bank to the word it gives, and to whom. */
function wavefrontsOf(sample) {
  const together = sample.bytes <= 4 ? 32 : sample.bytes <= 8 ? 16 : 8;
  const passes = [];
  for (let first = 0; first < 32; first += together) {
    const words = new Map();  // to the lanes that want them
    for (let lane = first; lane < first + together; ++lane) {
      const at = sample.offsets[lane];
      if (at === null) continue;
      for (let word = Math.floor(at / 4); word <= Math.floor((at + sample.bytes - 1) / 4); ++word) {
        if (!words.has(word)) words.set(word, []);
        words.get(word).push(lane);
      }
    }
    const depth = new Array(kBanks).fill(0);
    const served = [];
    for (const word of [...words.keys()].sort((a, b) => a - b)) {
      const bank = word % kBanks, pass = depth[bank]++;
      (served[pass] ??= new Map()).set(bank, {word, lanes: words.get(word)});
    }
    passes.push(...served.map(banks => ({first, together, banks})));
  }
  return passes;
}

/** Lines of 128 bytes, each with four sectors, and in these the bytes that lanes asked for. */
function sectorsOf(sample) {
  const lines = new Map();
  sample.offsets.forEach((at, lane) => {
    if (at === null) return;
    let begin = at + sample.begins_at;
    const end = begin + sample.bytes;
    while (begin < end) {
      const sector = Math.floor(begin / 32), stop = Math.min(end, 32 * (sector + 1)),
          line = Math.floor(sector / 4);
      if (!lines.has(line)) lines.set(line, [[], [], [], []]);
      lines.get(line)[sector - 4 * line].push({begin: begin - 32 * sector, end: stop - 32 * sector, lane});
      begin = stop;
    }
  });
  return [...lines.entries()].sort(([a], [b]) => a - b)
      .map(([line, sectors]) => ({offset: 128 * line - sample.begins_at, sectors}));
}

const signed = n => n < 0 ? `− ${grouped(-n)}` : `+ ${grouped(n)}`;
const nameOf = sample => sample.memory || (sample.space === "shared" ? "shared memory" : "the lowest line");

function laneText(sample, lane) {
  const at = sample.offsets[lane];
  if (at === null) return `lane ${lane}: took no part`;
  if (sample.space === "shared") {
    const first = Math.floor(at / 4) % kBanks, last = Math.floor((at + sample.bytes - 1) / 4) % kBanks;
    const name = sample.elements?.[lane];
    return `lane ${lane}: ${name ? name + ", " : ""}byte ${grouped(at)} of shared memory, ${first === last ? `bank ${first}` : `banks ${first} to ${last}`}`;
  }
  const first = Math.floor((at + sample.begins_at) / 32),
      last = Math.floor((at + sample.begins_at + sample.bytes - 1) / 32);
  return `lane ${lane}: ${nameOf(sample)} ${signed(at)}, ${first === last ? `sector ${first}` : `sectors ${first} to ${last}`}`;
}

/** What the distances between neighbouring lanes are, where they are all the same. */
function strideText(sample) {
  const lanes = sample.offsets.map((at, lane) => [at, lane]).filter(([at]) => at !== null);
  const strides = new Set(lanes.slice(1).map(([at, lane], i) => (at - lanes[i][0]) / (lane - lanes[i][1])));
  if (strides.size !== 1) return "";
  const [stride] = strides;
  return stride === 0 ? "all lanes are at one address"
      : `neighbouring lanes are ${grouped(Math.abs(stride))} bytes apart`;
}

const kPitch = 23, kLaneTop = 14, kLaneHeight = 20, kLeft = 4;
const laneMiddle = lane => kLeft + lane * kPitch + 11;

function drawLanes(sample, now) {
  const group = make("g", {}, make("text", {x: kLeft, y: 10, class: "faint small"}, "lanes of the warp"));
  for (let lane = 0; lane < 32; ++lane) {
    const isOut = sample.offsets[lane] === null;
    group.append(make("g", {
      class: `lane${isOut ? " out" : ""}${now.has(lane) ? " now" : ""}`, "data-lane": lane, role: "button",
      tabindex: lane === (state.lane ?? 0) ? 0 : -1, "aria-label": laneText(sample, lane),
      onmouseenter: () => chooseLane(lane), onmouseleave: () => chooseLane(null),
          onfocus: () => chooseLane(lane),
      onclick: event => { chooseLane(lane); event.currentTarget.focus(); },
    }, make("rect", {x: kLeft + lane * kPitch, y: kLaneTop, width: 22, height: kLaneHeight, rx: 3}),
       make("text", {x: laneMiddle(lane), y: kLaneTop + 14, "text-anchor": "middle"}, String(lane))));
  }
  return group;
}

const linkPath = (lane, x, y) => {
  const from = kLaneTop + kLaneHeight, middle = (from + y) / 2;
  return `M${laneMiddle(lane)},${from}C${laneMiddle(lane)},${middle} ${x},${middle} ${x},${y}`;
};

function drawGlobal(sample) {
  const lines = sectorsOf(sample);
  const perRow = lines.length <= 4 ? 4 : 8, width = 736 / perRow - 8, cell = width / 4, pitch = 46, top = 96;
  const links = make("g", {}), cells = make("g", {});
  lines.forEach(({offset, sectors}, i) => {
    const x = kLeft + (i % perRow) * (736 / perRow), y = top + Math.floor(i / perRow) * pitch;
    cells.append(make("text", {x, y: y - 4, class: "faint small"}, signed(offset)));
    sectors.forEach((asked, n) => {
      const left = x + n * cell;
      const group = make("g", {class: `sector${asked.length ? "" : " untouched"}`},
        make("rect", {x: left, y, width: cell - 1, height: 20, rx: 2}));
      for (const {begin, end, lane} of asked) {
        const from = left + begin / 32 * (cell - 1), wide = (end - begin) / 32 * (cell - 1);
        group.append(make("rect", {class: "used", "data-lane": lane, x: from, y: y + 4,
            width: Math.max(1, wide - .6), height: 12}));
        links.append(make("path", {class: "link", "data-lane": lane, d: linkPath(lane, from + wide / 2, y)}));
      }
      cells.append(group);
    });
  });
  return {parts: [links, cells, drawLanes(sample, new Set())],
          height: top + Math.ceil(lines.length / perRow) * pitch - 14};
}

function drawShared(sample, passes) {
  const top = 92, height = 19;
  const current = passes[state.wavefront];
  const now = new Set([...(current?.banks.values() ?? [])].flatMap(({lanes}) => lanes));
  const links = make("g", {}), cells = make("g", {},
      make("text", {x: kLeft, y: top - 18, class: "faint small"}, "banks"));
  for (let bank = 0; bank < kBanks; ++bank) {
    cells.append(make("text", {x: laneMiddle(bank), y: top - 4, "text-anchor": "middle", class: "faint"},
        String(bank)));
  }
  let y = top;
  passes.forEach((pass, i) => {
    if (i > 0 && pass.first !== passes[i - 1].first) y += 8;  // another part of the warp
    for (const [bank, {word, lanes}] of pass.banks) {
      const x = kLeft + bank * kPitch;
      const label = lanes.length === 1 ? String(lanes[0]) : `×${lanes.length}`;
      cells.append(make("g", {class: `word${i === state.wavefront ? " now" : ""}`,
          "data-lanes": lanes.join(" ")},
        make("title", {}, `bank ${bank}, word ${word} of shared memory, for lane${lanes.length > 1 ? "s" : ""} ${lanes.join(", ")}`),
        make("rect", {x, y, width: 22, height: height - 2, rx: 2}),
        make("text", {x: x + 11, y: y + 13, "text-anchor": "middle",
            class: label.length > 2 ? "small" : null}, label)));
      for (const lane of i === state.wavefront ? lanes : []) {
        links.append(make("path", {class: "link", "data-lane": lane, d: linkPath(lane, x + 11, y)}));
      }
    }
    if (i === state.wavefront) cells.append(make("rect",
        {class: "row", x: 1, y: y - 2, width: 32 * kPitch + 5, height: height + 2, rx: 3}));
    y += height;
  });
  return {parts: [cells, links, drawLanes(sample, now)], height: y + 6};
}

function stepper(what, at, count, keys, go) {
  const [back, on] = keys;
  return make("div", {class: "steps", role: "group", "aria-label": what},
    make("button", {type: "button", "data-key": back, disabled: at === 0 ? "" : null,
        "aria-label": `previous ${what}`, onclick: () => go(-1)}, "◀"),
    make("span", {}, `${what} ${at + 1} of ${count}`),
    make("button", {type: "button", "data-key": on, disabled: at + 1 >= count ? "" : null,
        "aria-label": `next ${what}`, onclick: () => go(1)}, "▶"),
    make("span", {class: "faint"}, make("kbd", {}, back), " ", make("kbd", {}, on)));
}

function addressTable(sample) {
  const head = sample.space === "shared" ? ["lane", "element", "byte", "bank"]
      : ["lane", nameOf(sample), "sector"];
  const rows = sample.offsets.map((at, lane) => at === null ? [lane, "–"] : sample.space === "shared"
    ? [lane, sample.elements?.[lane] ?? "", grouped(at), Math.floor(at / 4) % kBanks]
    : [lane, signed(at), Math.floor((at + sample.begins_at) / 32)]);
  return make("details", {}, make("summary", {}, "The addresses as a table"), make("table", {class: "mono"},
    make("thead", {}, make("tr", {}, ...head.map(text => make("th", {scope: "col"}, text)))),
    make("tbody", {}, ...rows.map(cells => make("tr", {},
        ...cells.map(cell => make("td", {}, String(cell))))))));
}

/** A line's requests, and those of the functions that were inlined there. */
function samplesOf(kernel, at) {
  const line = kernel?.lines[at];
  if (!line) return [];
  const place = `${line.file}:${line.line}`;
  return kernel.lines.flatMap((other, i) => (other.samples ?? [])
      .filter(sample => i === at || sample.inlined_into.includes(place))
    .map(sample => ({at: i, ...sample})));
}
const chosenSamples = () => samplesOf(kernels[state.kernel], state.line);

function drawPicture() {
  const line = kernels[state.kernel]?.lines[state.line];
  const panel = byId("picture");
  if (!line) {
    panel.replaceChildren(make("p", {class: "faint"}, "No line of this kernel has counters."));
    return;
  }
  const where = `${line.file.replace(/^.*\//, "") || "line unknown"}:${line.line}`;
  const samples = samplesOf(kernels[state.kernel], state.line), sample = samples[state.sample];
  if (!sample) {
    panel.replaceChildren(make("h2", {}, where),
      make("p", {class: "faint"}, "This line asks nothing of global or shared memory, or none of its requests was kept."));
    return;
  }
  const isShared = sample.space === "shared";
  const short = place => place.replace(/^.*\//, "");
  const inlined = sample.at !== state.line
    ? make("p", {class: "faint"}, `through ${short(kernels[state.kernel].lines[sample.at].file)}:${kernels[state.kernel].lines[sample.at].line}`)
    : sample.inlined_into.length ? make("p", {class: "faint"},
        `inlined into ${sample.inlined_into.map(short).join(", ")}`) : "";
  const passes = isShared ? wavefrontsOf(sample) : [];
  const {parts, height} = isShared ? drawShared(sample, passes) : drawGlobal(sample);
  const active = sample.offsets.filter(at => at !== null).length;
  const cost = isShared ? `${plural(sample.wavefronts, "wavefront")}, ${sample.ideal} without conflicts`
    : `${plural(sample.sectors, "sector")} of 32 bytes`;
  const stride = strideText(sample);
  panel.replaceChildren(
    make("h2", {}, `${where}: ${isShared ? "shared" : "global"} ${sample.kind} of ${plural(sample.bytes, "byte")} a lane`), inlined,
    stepper("request", state.sample, samples.length, ["p", "n"], stepSample),
    make("p", {}, `Launch ${sample.launch}, block ${grouped(sample.block)}, warp ${sample.warp}; ${nameOf(sample)}; ${plural(active, "lane")}: `,
      make("strong", {}, cost), stride ? `; ${stride}.` : "."),
    isShared ? stepper("wavefront", state.wavefront, passes.length, [",", "."], stepWavefront) : "",
    make("svg", {viewBox: `0 0 744 ${height}`, role: "group", "aria-label": `${active} lanes, ${cost}`},
        ...parts),
    make("p", {class: "told mono", "aria-live": "polite", id: "told"}),
    addressTable(sample));
  markLane();
}

function markLane() {
  const isHot = element => state.lane !== null
    && (element.dataset.lane ?? element.dataset.lanes).split(" ").includes(String(state.lane));
  for (const element of byId("picture").querySelectorAll("[data-lane], [data-lanes]")) {
    element.classList.toggle("hot", isHot(element));
  }
  const sample = chosenSamples()[state.sample];
  byId("told").textContent = state.lane === null ? (sample.space === "shared"
    ? "A row is a wavefront; in it each bank gives one word, to the lanes written in it."
    : "Boxes are sectors, four to a line of 128 bytes; filled is what a lane asked for.")
        : laneText(sample, state.lane);
}

// ---------------------------------------------------------------- choosing

function chooseLane(lane) {
  state.lane = lane;
  markLane();
}

function stepLane(by) {
  const lanes = byId("picture").querySelectorAll(".lane");
  if (!lanes.length) return;
  const lane = state.lane === null ? (by > 0 ? 0 : 31) : (state.lane + by + 32) % 32;
  lanes.forEach((element, i) => element.setAttribute("tabindex", i === lane ? 0 : -1));
  lanes[lane].focus();
}

/** The keyboard's place outlives that a panel is drawn anew. */
function redrawPicture() {
  const key = document.activeElement?.dataset?.key, lane = document.activeElement?.dataset?.lane;
  drawPicture();
  if (key) byId("picture").querySelector(`[data-key="${CSS.escape(key)}"]:enabled`)?.focus();
  if (lane) byId("picture").querySelector(`.lane[data-lane="${lane}"]`)?.focus();
}

function chooseSample(at) {
  state.sample = at;
  state.wavefront = 0;
  redrawPicture();
}

function stepSample(by) {
  const count = chosenSamples().length;
  if (state.sample + by >= 0 && state.sample + by < count) chooseSample(state.sample + by);
}

function stepWavefront(by) {
  const sample = chosenSamples()[state.sample];
  if (sample?.space !== "shared" || state.wavefront + by < 0 || state.wavefront + by >= wavefrontsOf(sample).length) {
    return;
  }
  state.wavefront += by;
  redrawPicture();
}

const costOf = sample => sample.sectors ?? sample.wavefronts - sample.ideal + 1;

function chooseLine(at, isAsked) {
  state.line = at;
  state.lane = null;
  for (const row of byId("source").querySelectorAll("tr.counted")) {
    const isChosen = row.id === `line-${at}`;
    row.setAttribute("aria-selected", isChosen);
    row.tabIndex = isChosen ? 0 : -1;
    if (isChosen && isAsked) {
      row.focus({preventScroll: true});
      row.scrollIntoView({block: "nearest"});
    }
  }
  const samples = chosenSamples();
  state.sample = state.wavefront = 0;
  samples.forEach((sample, i) => { if (costOf(sample) > costOf(samples[state.sample])) state.sample = i; });
  drawPicture();
}

/** In the order of the page, which is not that of the data. */
function stepLine(by) {
  const rows = [...byId("source").querySelectorAll("tr.counted")];
  const at = rows.findIndex(row => row.id === `line-${state.line}`) + by;
  if (at >= 0 && at < rows.length) chooseLine(Number(rows[at].id.slice("line-".length)), true);
}

/** Where a learner should look first: a finding's line, else the one that moves the most. */
function worstLine(kernel) {
  const named = findingsOf(kernel).map(finding => lineOf(kernel, finding))
      .find(at => samplesOf(kernel, at).length);
  if (named !== undefined) return named;
  const weight = ({counts}) => global(counts).sectors + shared(counts).wavefronts;
  return kernel.lines.reduce((worst, line, i) => weight(line) > weight(kernel.lines[worst]) ? i : worst, 0);
}

function showKernel(at) {
  state.kernel = at;
  drawTabs();
  const kernel = kernels[at];
  if (!kernel) {
    byId("summary").replaceChildren(make("p", {}, "No kernel was counted."));
    byId("picture").hidden = true;
    return;
  }
  byId("kernel").setAttribute("aria-labelledby", `tab-${at}`);
  drawSummary(kernel);
  drawSource(kernel);
  chooseLine(worstLine(kernel), false);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
}
const toggleTheme = () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");

const keys = {
  j: () => stepLine(1), ArrowDown: () => stepLine(1), k: () => stepLine(-1), ArrowUp: () => stepLine(-1),
  n: () => stepSample(1), p: () => stepSample(-1), ".": () => stepWavefront(1), ",": () => stepWavefront(-1),
  ArrowRight: () => stepLane(1), ArrowLeft: () => stepLane(-1),
  "]": () => state.kernel + 1 < kernels.length && showKernel(state.kernel + 1),
  "[": () => state.kernel > 0 && showKernel(state.kernel - 1),
  t: toggleTheme, "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open
      || !Object.hasOwn(keys, event.key)) return;
  if (event.target.getAttribute("role") === "tab" && event.key.startsWith("Arrow")) {
    const at = state.kernel + (event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1);
    if (at >= 0 && at < kernels.length) { showKernel(at); byId(`tab-${at}`).focus(); }
  } else {
    keys[event.key]();
  }
  event.preventDefault();
});

const likesDark = matchMedia("(prefers-color-scheme: dark)");
likesDark.addEventListener("change", () => setTheme(likesDark.matches ? "dark" : "light"));
setTheme(likesDark.matches ? "dark" : "light");
byId("theme").addEventListener("click", toggleTheme);
byId("ask").addEventListener("click", () => byId("help").showModal());
byId("title").textContent = data.title;
document.title = `${data.title} – Gridstride profile`;
drawLadder();
showKernel(0);
