// A request, drawn.

const kPitch = 23, kLaneTop = 14, kLaneHeight = 20, kLeft = 4;
const laneMiddle = lane => kLeft + lane * kPitch + 11;

function drawLanes(sample, now) {
  const group = make("g", {}, make("text", {x: kLeft, y: 10, class: "faint small"}, "lanes of the warp"));
  for (let lane = 0; lane < 32; ++lane) {
    const isOut = sample.offsets[lane] === null;
    group.append(make(
        "g", {
          class: `lane${isOut ? " out" : ""}${now.has(lane) ? " now" : ""}`,
          "data-lane": lane,
          role: "button",
          tabindex: lane === (state.lane ?? 0) ? 0 : -1,
          "aria-label": laneText(sample, lane),
          onmouseenter: () => chooseLane(lane),
          onmouseleave: () => chooseLane(null),
          onfocus: () => chooseLane(lane),
          onclick: event => {
            chooseLane(lane);
            event.currentTarget.focus();
          },
        },
        make("rect", {x: kLeft + lane * kPitch, y: kLaneTop, width: 22, height: kLaneHeight, rx: 3}),
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
      const group = make(
          "g", {class: `sector${asked.length ? "" : " untouched"}`},
          make("rect", {x: left, y, width: cell - 1, height: 20, rx: 2}));
      for (const {begin, end, lane} of asked) {
        const from = left + begin / 32 * (cell - 1), wide = (end - begin) / 32 * (cell - 1);
        group.append(make("rect", {
          class: "used",
          "data-lane": lane,
          x: from,
          y: y + 4,
          width: Math.max(1, wide - .6),
          height: 12
        }));
        links.append(make("path", {class: "link", "data-lane": lane, d: linkPath(lane, from + wide / 2, y)}));
      }
      cells.append(group);
    });
  });
  return {
    parts: [links, cells, drawLanes(sample, new Set())],
    height: top + Math.ceil(lines.length / perRow) * pitch - 14
  };
}

function drawShared(sample, passes) {
  const top = 92, height = 19;
  const current = passes[state.wavefront];
  const now = new Set([...(current?.banks.values() ?? [])].flatMap(({lanes}) => lanes));
  const links = make("g", {}),
        cells = make("g", {}, make("text", {x: kLeft, y: top - 18, class: "faint small"}, "banks"));
  for (let bank = 0; bank < kBanks; ++bank) {
    cells.append(make(
        "text", {x: laneMiddle(bank), y: top - 4, "text-anchor": "middle", class: "faint"}, String(bank)));
  }
  let y = top;
  passes.forEach((pass, i) => {
    if (i > 0 && pass.first !== passes[i - 1].first) y += 8;  // another part of the warp
    for (const [bank, {word, lanes}] of pass.banks) {
      const x = kLeft + bank * kPitch;
      const label = lanes.length === 1 ? String(lanes[0]) : `×${lanes.length}`;
      cells.append(make(
          "g", {class: `word${i === state.wavefront ? " now" : ""}`, "data-lanes": lanes.join(" ")},
          make(
              "title", {},
              `bank ${bank}, word ${word} of shared memory, ` +
                  `for lane${lanes.length > 1 ? "s" : ""} ${lanes.join(", ")}`),
          make("rect", {x, y, width: 22, height: height - 2, rx: 2}),
          make(
              "text",
              {x: x + 11, y: y + 13, "text-anchor": "middle", class: label.length > 2 ? "small" : null},
              label)));
      for (const lane of i === state.wavefront ? lanes : []) {
        links.append(make("path", {class: "link", "data-lane": lane, d: linkPath(lane, x + 11, y)}));
      }
    }
    if (i === state.wavefront)
      cells.append(
          make("rect", {class: "row", x: 1, y: y - 2, width: 32 * kPitch + 5, height: height + 2, rx: 3}));
    y += height;
  });
  return {parts: [cells, links, drawLanes(sample, now)], height: y + 6};
}

function stepper(what, at, count, keys, go) {
  const [back, on] = keys;
  return make(
      "div", {class: "steps", role: "group", "aria-label": what},
      make(
          "button", {
            type: "button",
            "data-key": back,
            disabled: at === 0 ? "" : null,
            "aria-label": `previous ${what}`,
            onclick: () => go(-1)
          },
          "◀"),
      make("span", {}, `${what} ${at + 1} of ${count}`),
      make(
          "button", {
            type: "button",
            "data-key": on,
            disabled: at + 1 >= count ? "" : null,
            "aria-label": `next ${what}`,
            onclick: () => go(1)
          },
          "▶"),
      make("span", {class: "faint"}, make("kbd", {}, back), " ", make("kbd", {}, on)));
}

function addressTable(sample) {
  const head =
      sample.space === "shared" ? ["lane", "element", "byte", "bank"] : ["lane", nameOf(sample), "sector"];
  const rows = sample.offsets.map(
      (at, lane) => at === null ?
          [lane, "–"] :
          sample.space === "shared" ?
          [lane, sample.elements?.[lane] ?? "", grouped(at), Math.floor(at / 4) % kBanks] :
          [lane, signed(at), Math.floor((at + sample.begins_at) / 32)]);
  return make(
      "details", {}, make("summary", {}, "The addresses as a table"),
      make(
          "table", {class: "mono"},
          make("thead", {}, make("tr", {}, ...head.map(text => make("th", {scope: "col"}, text)))),
          make(
              "tbody", {},
              ...rows.map(cells => make("tr", {}, ...cells.map(cell => make("td", {}, String(cell))))))));
}

/** A line's requests, and those of the functions that were inlined there. */
function samplesOf(kernel, at) {
  const line = kernel?.lines[at];
  if (!line) return [];
  const place = `${line.file}:${line.line}`;
  return kernel.lines.flatMap(
      (other, i) => (other.samples ?? [])
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
    panel.replaceChildren(
        make("h2", {}, where),
        make(
            "p", {class: "faint"},
            "This line asks nothing of global or shared memory, " +
                "or none of its requests was kept."));
    return;
  }
  const isShared = sample.space === "shared";
  const short = place => place.replace(/^.*\//, "");
  const inlined = sample.at !== state.line ?
      make(
          "p", {class: "faint"},
          `through ${short(kernels[state.kernel].lines[sample.at].file)}:` +
              kernels[state.kernel].lines[sample.at].line) :
      sample.inlined_into.length ?
      make("p", {class: "faint"}, `inlined into ${sample.inlined_into.map(short).join(", ")}`) :
      "";
  const passes = isShared ? wavefrontsOf(sample) : [];
  const {parts, height} = isShared ? drawShared(sample, passes) : drawGlobal(sample);
  const active = sample.offsets.filter(at => at !== null).length;
  const cost = isShared ? `${plural(sample.wavefronts, "wavefront")}, ${sample.ideal} without conflicts` :
                          `${plural(sample.sectors, "sector")} of 32 bytes`;
  const stride = strideText(sample);
  panel.replaceChildren(
      make(
          "h2", {},
          `${where}: ${isShared ? "shared" : "global"} ${sample.kind} of ` +
              `${plural(sample.bytes, "byte")} a lane`),
      inlined, stepper("request", state.sample, samples.length, ["p", "n"], stepSample),
      make(
          "p", {},
          `Launch ${sample.launch}, block ${grouped(sample.block)}, warp ${sample.warp}; ` +
              `${nameOf(sample)}; ${plural(active, "lane")}: `,
          make("strong", {}, cost), stride ? `; ${stride}.` : "."),
      isShared ? stepper("wavefront", state.wavefront, passes.length, [",", "."], stepWavefront) : "",
      make(
          "svg", {viewBox: `0 0 744 ${height}`, role: "group", "aria-label": `${active} lanes, ${cost}`},
          ...parts),
      make("p", {class: "told mono", "aria-live": "polite", id: "told"}), addressTable(sample));
  markLane();
}

function markLane() {
  const isHot = element => state.lane !== null &&
      (element.dataset.lane ?? element.dataset.lanes).split(" ").includes(String(state.lane));
  for (const element of byId("picture").querySelectorAll("[data-lane], [data-lanes]")) {
    element.classList.toggle("hot", isHot(element));
  }
  const sample = chosenSamples()[state.sample];
  byId("told").textContent = state.lane === null ?
      (sample.space === "shared" ?
           "A row is a wavefront; in it each bank gives one word, to the lanes written in it." :
           "Boxes are sectors, four to a line of 128 bytes; filled is what a lane asked for.") :
      laneText(sample, state.lane);
}
