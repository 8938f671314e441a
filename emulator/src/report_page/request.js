// What a request costs: its sectors, or its wavefronts; and what is told of a lane.

const kBanks = 32;

/** The passes that a request to shared memory takes: each maps a bank to the word it gives, and to whom. */
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
  return [...lines.entries()]
      .sort(([a], [b]) => a - b)
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
    return `lane ${lane}: ${name ? name + ", " : ""}byte ${grouped(at)} of shared memory, ` +
        (first === last ? `bank ${first}` : `banks ${first} to ${last}`);
  }
  const first = Math.floor((at + sample.begins_at) / 32),
        last = Math.floor((at + sample.begins_at + sample.bytes - 1) / 32);
  return `lane ${lane}: ${nameOf(sample)} ${signed(at)}, ` +
      (first === last ? `sector ${first}` : `sectors ${first} to ${last}`);
}

/** What the distances between neighbouring lanes are, where they are all the same. */
function strideText(sample) {
  const lanes = sample.offsets.map((at, lane) => [at, lane]).filter(([at]) => at !== null);
  const strides = new Set(lanes.slice(1).map(([at, lane], i) => (at - lanes[i][0]) / (lane - lanes[i][1])));
  if (strides.size !== 1) return "";
  const [stride] = strides;
  return stride === 0 ? "all lanes are at one address" :
                        `neighbouring lanes are ${grouped(Math.abs(stride))} bytes apart`;
}
