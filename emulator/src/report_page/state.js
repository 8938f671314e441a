"use strict";
// One kernel is shown at a time, with one of its lines chosen, one of that line's requests, one wavefront of
// that request, and perhaps one lane. Every key and every click changes one of these and draws what depends on
// it.
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
const ofKinds = (c, prefix, what) =>
  sum(c, ...["load", "store", "atomic"].map(kind => `${prefix}${kind}_${what}`));
const global = c => ({requests: ofKinds(c, "", "requests"), sectors: ofKinds(c, "", "sectors"),
                      bytes: ofKinds(c, "", "bytes")});
const shared = c => ({requests: ofKinds(c, "shared_", "requests"),
                      wavefronts: ofKinds(c, "shared_", "wavefronts"),
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
  {head: "barrier uneven", why: "the busiest warp's work on the way to this barrier, in the mean warp's",
   heat: c => c.barrier_idle, text: c => quotient(sum(c, "barrier_work", "barrier_idle"), c.barrier_work)},
  {head: "local req.", why: "accesses to a thread's own variables in memory", heat: c => c.local_requests,
   text: c => whole(c.local_requests)},
];
