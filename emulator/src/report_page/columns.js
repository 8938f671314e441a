// What a line's counters are shown as: `text` is what is written, `heat` what the shade behind it stands for.

const counted = (head, why, value) =>
    ({head, why, heat: value, text: c => value(c) ? grouped(value(c)) : ""});
const ratio = (head, why, parts) => {
  const text = c => quotient(...parts(c));
  return {head, why, heat: text, text};
};

const columns = [
  counted("warp instr.", "accesses and synchronizations that warps did", c => c.instructions),
  {
    head: "active lanes",
    why: "lanes that took part, of 32",
    heat: c => c.instructions ? 32 - c.lanes / c.instructions : 0,
    text: c => quotient(c.lanes, c.instructions),
  },
  {
    head: "diver- gent",
    why: "of instructions and basic blocks, those with lanes missing",
    heat: c => sum(c, "divergent", "divergent_steps"),
    text: c => {
      const divergent = sum(c, "divergent", "divergent_steps");
      return divergent ? percent(divergent, sum(c, "instructions", "steps")) : "";
    },
  },
  counted("flops", "floating-point operations", flops),
  counted("global req.", "requests to global memory", c => global(c).requests),
  ratio(
      "sect. /req.", "sectors of 32 bytes that a request moves",
      c => [global(c).sectors, global(c).requests]),
  {
    head: "bytes used",
    why: "of the bytes moved, those that a lane asked for",
    heat: c => global(c).sectors ? Math.max(0, 1 - global(c).bytes / (32 * global(c).sectors)) : 0,
    text: c => percent(global(c).bytes, 32 * global(c).sectors),
  },
  counted("memory bytes", "that come from behind all caches, or go there", c => 32 * (c.dram_sectors ?? 0)),
  counted("shared req.", "requests to shared memory", c => shared(c).requests),
  ratio(
      "waves /req.", "passes through the banks that a request takes",
      c => [shared(c).wavefronts, shared(c).requests]),
  counted("bank confl.", "passes beyond those that the width of the access needs", c => shared(c).conflicts),
  {
    head: "barrier uneven",
    why: "the busiest warp's work on the way to this barrier, in the mean warp's",
    heat: c => c.barrier_idle,
    text: c => quotient(sum(c, "barrier_work", "barrier_idle"), c.barrier_work),
  },
  counted("local req.", "accesses to a thread's own variables in memory", c => c.local_requests),
];
