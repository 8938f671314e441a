// Keys and clicks.

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
  if (lane) byId("picture").querySelector(`.lane[data-lane="${lane}"]`)?.focus();
  const button = key && byId("picture").querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) (button.disabled ? button.closest(".steps").querySelector("button:enabled") : button)?.focus();
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
  if (sample?.space !== "shared" || state.wavefront + by < 0 ||
      state.wavefront + by >= wavefrontsOf(sample).length) {
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
  samples.forEach((sample, i) => {
    if (costOf(sample) > costOf(samples[state.sample])) state.sample = i;
  });
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
  const named =
      findingsOf(kernel).map(finding => lineOf(kernel, finding)).find(at => samplesOf(kernel, at).length);
  if (named !== undefined) return named;
  const weight = ({counts}) => global(counts).sectors + shared(counts).wavefronts;
  return kernel.lines.reduce((worst, line, i) => weight(line) > weight(kernel.lines[worst]) ? i : worst, 0);
}

function showKernel(at) {
  state.kernel = at;
  const isOnTab = document.activeElement?.getAttribute("role") === "tab";
  drawTabs();
  if (isOnTab) byId(`tab-${at}`).focus();
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
  j: () => stepLine(1),
  ArrowDown: () => stepLine(1),
  k: () => stepLine(-1),
  ArrowUp: () => stepLine(-1),
  n: () => stepSample(1),
  p: () => stepSample(-1),
  ".": () => stepWavefront(1),
  ",": () => stepWavefront(-1),
  ArrowRight: () => stepLane(1),
  ArrowLeft: () => stepLane(-1),
  "]": () => state.kernel + 1 < kernels.length && showKernel(state.kernel + 1),
  "[": () => state.kernel > 0 && showKernel(state.kernel - 1),
  t: toggleTheme,
  "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || !Object.hasOwn(keys, event.key))
    return;
  if (event.target.getAttribute("role") === "tab" && event.key.startsWith("Arrow")) {
    const at = state.kernel + (event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1);
    if (at >= 0 && at < kernels.length) showKernel(at);
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
