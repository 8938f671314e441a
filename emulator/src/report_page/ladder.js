// Several profiles side by side.

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
  const row = (head, values, show) => make(
      "tr", {}, make("th", {scope: "row"}, head),
      ...values
          .flatMap(
              (value, i) =>
                  [make("td", {class: "mono"}, show(value)),
                   i === 0 ? null :
                             make(
                                 "td", {class: "mono faint"},
                                 !values[0] ? (value ? "new" : "") :
                                              `×${Number((value / values[0]).toPrecision(4))}`),
  ]).filter(Boolean));
  const rows = Object.keys(totals[0])
                   .filter(name => totals.some(total => total[name]))
                   .map(name => row(words(name), totals.map(total => total[name] ?? 0), grouped));
  const per = [
    ["sectors per global request", c => [global(c).sectors, global(c).requests]],
    ["wavefronts per shared request", c => [shared(c).wavefronts, shared(c).requests]],
    ["active lanes at an instruction", c => [c.lanes, c.instructions]],
    ["busiest warp's work at barriers", c => [sum(c, "barrier_work", "barrier_idle"), c.barrier_work]]
  ];
  for (const [head, parts] of per) {
    const values = totals.map(total => {
      const [a, b] = parts(total);
      return b ? a / b : 0;
    });
    if (values.some(Boolean)) rows.push(row(head, values, value => value ? value.toFixed(2) : ""));
  }
  const heads = profiles.flatMap(
      ({name}, i) => i === 0 ? [make("th", {scope: "col"}, name)] :
                               [make("th", {scope: "col"}, name), make("th", {scope: "col"}, "ratio")]);
  byId("ladder").replaceChildren(
      make("h2", {}, "Side by side"), data.changed ? make("p", {}, data.changed) : "",
      make(
          "table", {}, make("thead", {}, make("tr", {}, make("th", {}), ...heads)),
          make("tbody", {}, ...rows)));
  byId("ladder").hidden = false;
}
