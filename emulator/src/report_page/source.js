// The lines of a kernel, with what each asks of memory and of its warps.

/** The line numbers of `file` that have counters, and where they stand among the kernel's lines. */
const countedLines = (kernel, file) =>
    new Map(kernel.lines.flatMap((line, at) => line.file === file ? [[line.line, at]] : []));

function drawSource(kernel) {
  const live = columns.filter(column => kernel.lines.some(line => column.text(line.counts) !== ""));
  const most = live.map(({heat}) => Math.max(...kernel.lines.map(line => Number(heat(line.counts)) || 0)));
  const marked = new Set(
      findingsOf(kernel).filter(({line}) => line).map(({file, line}) => `${file ?? kernel.file}:${line}`));

  const heads = live.map(column => make("th", {scope: "col", title: column.why}, column.head));
  const head = make(
      "tr", {}, make("th", {scope: "col"}, "line"), make("th", {"aria-label": "findings"}),
      make("th", {scope: "col", class: "code"}, "source"), ...heads);

  const mark = () => make("span", {role: "img", "aria-label": "has a finding", title: "has a finding"}, "▲");
  const cell = ({heat, text}, i, counts) => {
    const share = most[i] > 0 ? Number(heat(counts)) / most[i] : 0;
    return make("td", share > 0 ? {class: "heat", style: `--share:${share.toFixed(3)}`} : {}, text(counts));
  };
  const rowOf = (number, text, at, file) => {
    const head = [
      make("td", {class: "number"}, number ? String(number) : "?"),
      make("td", {class: "mark"}, marked.has(`${file}:${number}`) ? mark() : ""),
      make("td", {class: "code"}, text || " "),
    ];
    if (at === undefined) return make("tr", {}, ...head, ...live.map(() => make("td")));
    const attributes = {
      class: "counted",
      id: `line-${at}`,
      tabindex: -1,
      "aria-selected": false,
      onclick: () => chooseLine(at, true)
    };
    return make(
        "tr", attributes, ...head, ...live.map((column, i) => cell(column, i, kernel.lines[at].counts)));
  };

  const tableOf = file => {
    const counted = countedLines(kernel, file);
    const lines = data.sources[file] ?? [];
    const rows = [];
    let hidden = 0;
    const tellHidden = () => {
      const told = `… ${plural(hidden, "line")} without counters`;
      if (hidden) rows.push(make("tr", {class: "gap"}, make("td", {colspan: live.length + 3}, told)));
      hidden = 0;
    };
    lines.forEach((text, i) => {
      if (text === null) {
        ++hidden;
        return;
      }
      tellHidden();
      rows.push(rowOf(i + 1, text, counted.get(i + 1), file));
    });
    tellHidden();
    for (const [number, at] of counted) {  // of files that are not at hand
      const isShown = number >= 1 && number <= lines.length;
      if (!isShown) rows.push(rowOf(number, kernel.lines[at].source || "(source not at hand)", at, file));
    }
    const table = make("table", {}, make("thead", {}, head.cloneNode(true)), make("tbody", {}, ...rows));
    return make(
        "div", {class: "file"}, make("div", {class: "path mono"}, file || "(line unknown)"),
        make("div", {class: "scroll"}, table));
  };

  const files = [...new Set(kernel.lines.map(line => line.file))];
  files.sort((a, b) => (b === kernel.file) - (a === kernel.file));  // the kernel's own first
  byId("source").replaceChildren(...files.map(tableOf));
}
