"use strict";
// One kernel is shown at a time, with one of its lines chosen, one of that line's requests, one wavefront of
// that request, and perhaps one lane. Every key and every click changes one of these and draws what depends
// on it.
const data = JSON.parse(document.getElementById("data").textContent);
const profiles = data.of.profiles;
const kernels = profiles.flatMap(
    ({name, profile}) => profile.kernels.map(
        kernel => ({
          rung: name,
          races: (profile.races?.races ?? []).filter(race => race.kernel === kernel.name),
          wrong: (profile.races?.wrong ?? []).filter(wrong => wrong.kernel === kernel.name),
          ...kernel
        })));
const state = {
  kernel: 0,
  line: null,
  sample: 0,
  wavefront: 0,
  lane: null
};

const byId = id => document.getElementById(id);
const grouped = n => n.toLocaleString("en-US");
const quotient = (a, b) => b ? (a / b).toFixed(2) : "";
const percent = (a, b) => b ? `${Math.round(100 * a / b)} %` : "";
const plural = (n, one, many = one + "s") => `${grouped(n)} ${n === 1 ? one : many}`;
const sum = (c, ...names) => names.reduce((total, name) => total + (c[name] ?? 0), 0);

/** An element; attributes that are null are left out, children are elements or text: never markup. */
function make(tag, attributes = {}, ...children) {
  const isDrawn = ["svg", "g", "rect", "text", "path", "title"].includes(tag);
  const element =
      isDrawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on"))
      element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined)
      element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const ofKinds = (c, prefix, what) =>
    sum(c, ...["load", "store", "atomic"].map(kind => `${prefix}${kind}_${what}`));
const global = c => ({
  requests: ofKinds(c, "", "requests"),
  sectors: ofKinds(c, "", "sectors"),
  bytes: ofKinds(c, "", "bytes")
});
const shared = c => ({
  requests: ofKinds(c, "shared_", "requests"),
  wavefronts: ofKinds(c, "shared_", "wavefronts"),
  conflicts: sum(c, "conflicts_4", "conflicts_8", "conflicts_16")
});
const flops = c => sum(c, "fp16_flops", "fp32_flops", "fp64_flops", "tensor_flops");
