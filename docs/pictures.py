#!/usr/bin/env python3
"""Draw the chapters' pictures. They are drawn by code so that they stay one family and can be corrected by a line.

docs/pictures.py           writes chapters/*/*.svg and docs/*/*.svg
docs/pictures.py --check   changes nothing and fails if a picture would change
"""
import pathlib
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent
INK, FAINT, PAPER = "#24292f", "#8c959f", "#ffffff"
GREEN, BLUE, AMBER, RED, GREY = "#76b900", "#4c8dd6", "#f0a830", "#d1495b", "#e6e9ec"
SHADES = [BLUE, GREEN, AMBER, "#9b6dd6", "#3fb6b2", RED]


class Picture:
    def __init__(self, width, height, title):
        self.width, self.height, self.title, self.parts = width, height, title, []

    def rect(self, x, y, w, h, fill=GREY, stroke=PAPER, opacity=1.0, rx=2):
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{rx}" fill="{fill}" '
                          f'fill-opacity="{opacity:g}" stroke="{stroke}"/>')

    def text(self, x, y, words, size=13, fill=INK, anchor="start", weight="normal", mono=False):
        family = "ui-monospace, Menlo, Consolas, monospace" if mono else "system-ui, Helvetica, Arial, sans-serif"
        self.parts.append(f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
                          f'font-weight="{weight}" font-family="{family}">{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, stroke=INK, width=1.4, arrow=False, dash=""):
        end = ' marker-end="url(#arrow)"' if arrow else ""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}" '
                          f'stroke-width="{width:g}"{dashes}{end}/>')

    def grid(self, x, y, rows, cols, cell, fill=lambda r, c: GREY):
        for r in range(rows):
            for c in range(cols):
                self.rect(x + c * cell, y + r * cell, cell, cell, fill(r, c))

    def svg(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(self.title)}">')
        arrow = ('<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
                 f'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{INK}"/></marker></defs>')
        back = f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>'
        return "\n".join([head, f"<title>{escape(self.title)}</title>", arrow, back, *self.parts, "</svg>"]) + "\n"


def grid_guard():
    p = Picture(720, 190, "Ten elements, three blocks of four threads: the last two threads have no element")
    cell, x0 = 50, 60
    p.text(x0, 26, "10 elements", weight="bold")
    for i in range(10):
        p.rect(x0 + i * cell, 36, cell, 34, GREY)
        p.text(x0 + i * cell + cell / 2, 58, f"c[{i}]", 12, anchor="middle", mono=True)
    for b in range(3):
        left = x0 + b * 4 * cell
        p.rect(left + 2, 104, 4 * cell - 4, 62, PAPER, stroke=SHADES[b])
        p.text(left + 2 * cell, 183, f"block {b}", 12, SHADES[b], "middle", "bold")
        for t in range(4):
            i = b * 4 + t
            inside = i < 10
            p.rect(left + t * cell + 6, 112, cell - 12, 34, SHADES[b] if inside else RED, opacity=0.35)
            p.text(left + t * cell + cell / 2, 134, f"t{t}", 12, anchor="middle", mono=True)
            if inside:
                p.line(left + t * cell + cell / 2, 110, left + t * cell + cell / 2, 73, FAINT, arrow=True)
            else:
                p.text(left + t * cell + cell / 2, 160, f"i={i}", 11, RED, "middle", mono=True)
    p.text(x0 + 10 * cell + 4, 86, "guard: i < n fails", 12, RED)
    return p


def sectors():
    p = Picture(720, 310, "One warp's load: neighbouring addresses fill 4 sectors, strided ones touch 32")
    def row(y, title, stride, shown, note):
        p.text(30, y, title, weight="bold")
        for s in range(shown):
            p.rect(30 + s * 82, y + 58, 78, 26, GREY, stroke=FAINT)
            p.text(30 + s * 82 + 39, y + 100, f"sector {s}", 11, FAINT, "middle")
            for w in range(8):
                lane = s * 8 + w if stride == 1 else (s if w == 0 else -1)
                if lane >= 0:
                    wx = 30 + s * 82 + 1 + w * 9.6
                    p.rect(wx, y + 59, 9, 24, GREEN if stride == 1 else RED)
                    p.line(wx + 4.5, y + 34, wx + 4.5, y + 56, FAINT, 1)
        for lane in range(32 if stride == 1 else shown):
            lx = 30 + (lane // 8) * 82 + 1 + (lane % 8) * 9.6 if stride == 1 else 30 + lane * 82 + 1
            p.rect(lx, y + 16, 9, 16, BLUE)
        p.text(30 + shown * 82 + 8, y + 30, "lanes 0..31" if stride == 1 else "... to lane 31", 12, BLUE)
        p.text(30, y + 122, note, 13)
    row(28, "a[i]: 32 lanes, 32 neighbouring floats", 1, 4,
        "128 bytes asked for, 4 sectors of 32 bytes moved: every byte is used")
    row(176, "a[32 * i]: 32 lanes, 128 bytes apart", 32, 7,
        "128 bytes asked for, 32 sectors = 1,024 bytes moved: 7 of 8 bytes are thrown away")
    return p


def transpose_turn():
    p = Picture(720, 300, "The turn in shared memory: rows of x go in as rows of the tile, columns of the tile go out as rows of y")
    cell, top = 26, 66
    def matrix(x, name, lit, color, note):
        p.text(x + 2.5 * cell, top - 30, name, 14, anchor="middle", weight="bold")
        p.grid(x, top, 5, 5, cell, lambda r, c: color if lit(r, c) else GREY)
        p.text(x + 2.5 * cell, top + 5 * cell + 22, note, 12, color, "middle")
    matrix(40, "x, in memory", lambda r, c: r == 1, BLUE, "a warp reads a row")
    matrix(230, "tile", lambda r, c: r == 1, BLUE, "and stores it as a row")
    matrix(390, "the same tile", lambda r, c: c == 3, GREEN, "a warp loads a column")
    matrix(570, "y, in memory", lambda r, c: r == 3, GREEN, "and writes it as a row")
    for x, word in [(176, ""), (366, "barrier"), (524, "")]:
        p.line(x, top + 2.5 * cell, x + (40 if not word else 18), top + 2.5 * cell, arrow=True)
        if word:
            p.text(x + 9, top - 10, word, 11, RED, "middle")
    p.text(40, 264, "Memory sees rows only, on both sides. What goes across the rows goes in shared memory,", 13)
    p.text(40, 284, "which does not mind, unless all 32 words of a column lie in one bank.", 13)
    return p


def transpose_banks():
    p = Picture(720, 350, "Which bank holds element (r, c) of a tile: plain, padded, swizzled; drawn with 8 banks")
    cell, top = 25, 62
    layouts = [("tile[8][8]", 8, lambda r, c: c, "bank = c", "8 lanes, 1 bank: 8 wavefronts", RED),
               ("tile[8][9]", 9, lambda r, c: c, "bank = (r + c) mod 8", "8 lanes, 8 banks: 1 wavefront", GREEN),
               ("tile[8][8], at c ^ r", 8, lambda r, c: c ^ r, "bank = c xor r", "8 lanes, 8 banks: 1 wavefront", GREEN)]
    for (name, width, at, rule, verdict, color), x in zip(layouts, (20, 246, 496)):
        p.text(x, top - 30, name, 14, weight="bold", mono=True)
        p.text(x, top - 12, rule, 12, FAINT, mono=True)
        for r in range(8):
            for c in range(8):
                left, lit = x + at(r, c) * cell, c == 2
                p.rect(left, top + r * cell, cell, cell, color if lit else GREY, opacity=0.55 if lit else 1)
                p.text(left + cell / 2, top + r * cell + 17, str((r * width + at(r, c)) % 8), 11,
                       INK if lit else FAINT, "middle", "bold" if lit else "normal", mono=True)
            if width == 9:
                p.rect(x + 8 * cell, top + r * cell, cell, cell, PAPER, stroke=FAINT)
        p.text(x, top + 8 * cell + 24, verdict, 12, "#4d7a00" if color == GREEN else RED, weight="bold")
    p.text(20, 312, "The numbers are banks; coloured cells hold column c = 2, which eight lanes load together.", 13)
    p.text(20, 332, "The real tile is 32 x 32, with 32 banks of 4 bytes: word w lies in bank w mod 32.", 13)
    return p


def matrices(p, x, y, cell, m, n, k, fill_a, fill_b, fill_c, gap=26):
    """A to the left of C, B above it: the layout in which a row meets a column."""
    cx, cy = x + k * cell + gap, y + k * cell + gap
    p.grid(cx, y, k, n, cell, fill_b)
    p.grid(x, cy, m, k, cell, fill_a)
    p.grid(cx, cy, m, n, cell, fill_c)
    p.text(cx + n * cell / 2, y - 8, "B  (k x n)", 13, anchor="middle", weight="bold")
    p.text(x + k * cell / 2, cy - 8, "A  (m x k)", 13, anchor="middle", weight="bold")
    p.text(cx + n * cell / 2, cy + m * cell + 18, "C  (m x n)", 13, anchor="middle", weight="bold")
    return cx, cy


def gemm_naive():
    p = Picture(720, 370, "Naive GEMM: one thread walks a row of A and a column of B")
    matrices(p, 30, 34, 17, 8, 8, 8, lambda r, c: BLUE if r == 3 else GREY, lambda r, c: AMBER if c == 5 else GREY,
             lambda r, c: GREEN if (r, c) == (3, 5) else GREY)
    x = 400
    for i, words in enumerate(["One thread computes one element of C.", "",
                               "It reads a row of A: k floats,", "and a column of B: k floats,", "for 2k operations.", "",
                               "All threads together read", "2 m n k floats; the matrices hold", "m k + k n.", "",
                               "Every row of A is read n times,", "every column of B m times."]):
        p.text(x, 60 + i * 21, words)
    return p


def gemm_shared_tile():
    p = Picture(720, 370, "Shared tile: a block copies a tile of A and a tile of B, uses each float many times, moves on")
    t = 3
    matrices(p, 30, 34, 15, 9, 9, 9,
             lambda r, c: (BLUE if c // t == 1 else "#c9dcf2") if r // t == 1 else GREY,
             lambda r, c: (AMBER if r // t == 1 else "#fae3bb") if c // t == 1 else GREY,
             lambda r, c: GREEN if (r // t, c // t) == (1, 1) else GREY)
    x = 400
    for i, words in enumerate(["A block owns one tile of C.", "", "It walks along k, tile by tile:", "1. copy a tile of A and a tile of B",
                               "into shared memory,", "2. wait: __syncthreads(),", "3. multiply the two tiles,", "4. wait again, before the next copy",
                               "overwrites what others still read.", "", "With T x T tiles every float that", "comes from memory is used T times."]):
        p.text(x, 60 + i * 21, words)
    return p


def gemm_register_tile():
    p = Picture(720, 320, "Register tile: per step of k a thread loads 4 + 4 floats and does 16 multiply-adds")
    cell, x, y = 34, 90, 60
    p.text(x + cell * 3.2, y - 26, "B fragment: 4 floats", 13, AMBER, "middle", "bold")
    for j in range(4):
        p.rect(x + cell * (1.4 + j), y - 14, cell, cell, AMBER, opacity=0.55)
        p.text(x + cell * (1.9 + j), y + 8, f"b{j}", 12, anchor="middle", mono=True)
    for i in range(4):
        p.rect(x, y + cell * (1.2 + i), cell, cell, BLUE, opacity=0.55)
        p.text(x + cell / 2, y + cell * (1.2 + i) + 22, f"a{i}", 12, anchor="middle", mono=True)
        for j in range(4):
            p.rect(x + cell * (1.4 + j), y + cell * (1.2 + i), cell, cell, GREEN, opacity=0.35)
            p.text(x + cell * (1.9 + j), y + cell * (1.2 + i) + 21, f"a{i}b{j}", 9, anchor="middle", mono=True)
    p.text(x + cell / 2, y + cell * 0.9, "A fragment", 13, BLUE, "end", "bold")
    p.text(x + cell * 3.4, y + cell * 5.2 + 20, "16 sums in registers", 13, "#4d7a00", "middle", "bold")
    rows = [("tile per thread", "loads", "FMAs", "FMAs per load"), ("1 x 1", "2", "1", "0.5"), ("4 x 4", "8", "16", "2"),
            ("8 x 8", "16", "64", "4")]
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            p.text(350 + (0, 130, 200, 260)[c], 100 + r * 30, words, 13, weight="bold" if r == 0 else "normal")
    p.line(350, 108, 712, 108, FAINT, 1)
    p.text(330, 240, "Shared memory delivers 32 floats per cycle to a multiprocessor that can", 12)
    p.text(330, 258, "do 128 multiply-adds: below 4 FMAs per float the loads are the limit.", 12)
    return p


def mnist_cnn():
    p = Picture(760, 230, "The convolutional network: shapes and parameters of every layer")
    layers = [("image", "1 x 28 x 28", "", 58, GREY), ("conv 3x3", "32 x 26 x 26", "320", 54, BLUE),
              ("max pool + ReLU", "32 x 13 x 13", "", 34, GREEN), ("conv 3x3", "64 x 11 x 11", "18,496", 30, BLUE),
              ("max pool + ReLU", "64 x 5 x 5", "", 18, GREEN), ("dense + ReLU", "128", "204,928", 10, AMBER),
              ("dense", "10", "1,290", 6, AMBER)]
    x = 24
    for i, (name, shape, parameters, size, color) in enumerate(layers):
        depth = {0: 1, 1: 3, 2: 3, 3: 5, 4: 5}.get(i, 1)
        height = size * 1.5 if i < 5 else (110 if i == 5 else 40)
        for d in range(depth):
            p.rect(x + d * 4, 100 - height / 2 + d * 4, max(size * 0.9, 10), height, color, opacity=0.75)
        p.text(x, 186, name, 11, weight="bold")
        p.text(x, 202, shape, 11, mono=True)
        if parameters:
            p.text(x, 218, f"{parameters} par.", 11, FAINT)
        x += 106
    return p


def warp_of_cells(p, x, y, colors, cell=11, height=18):
    for lane, color in enumerate(colors):
        p.rect(x + lane * cell, y, cell - 1, height, color)


def counters_request():
    p = Picture(720, 236, "A request: 32 lanes become a few sectors of 32 bytes; which sectors they are decides the cost")
    x0, cell = 30, 19
    forms = [("neighbours, from a sector's begin", lambda lane: lane, "4 sectors, 100 % of their bytes used", GREEN),
             ("neighbours, from element 3 on", lambda lane: lane + 3, "5 sectors, 80 %: the row begins and ends inside of one", AMBER),
             ("every second element", lambda lane: 2 * lane, "8 sectors, 50 %", RED)]
    for (title, element, verdict, color), y in zip(forms, (18, 92, 166)):
        hit = {element(lane) for lane in range(32)}
        p.text(x0, y, title, 12, weight="bold")
        for sector in range(max(hit) // 8 + 1):
            left = x0 + sector * 8 * cell / 2
            p.rect(left, y + 10, 8 * cell / 2 - 3, 26, GREY, stroke=FAINT)
            for word in range(8):
                if sector * 8 + word in hit:
                    p.rect(left + 2 + word * (cell / 2 - 0.6), y + 13, cell / 2 - 2, 20, color)
        p.text(x0, y + 54, verdict, 12, FAINT)
    return p


def counters_divergence():
    p = Picture(720, 226, "Divergence: a branch whose sides are taken by different lanes of a warp is gone through twice")
    rows = [("if (lane % 4 == 0)", [BLUE] * 32, "32 lanes"),
            ("    a();", [GREEN if lane % 4 == 0 else PAPER for lane in range(32)], "8 lanes; the others wait"),
            ("else b();", [PAPER if lane % 4 == 0 else AMBER for lane in range(32)], "24 lanes; the others wait"),
            ("c();", [BLUE] * 32, "32 lanes: met again")]
    for i, (code, colors, note) in enumerate(rows):
        y = 20 + i * 40
        p.text(20, y + 14, code, 13, mono=True)
        p.rect(168, y - 2, 32 * 11 + 3, 22, GREY, stroke=FAINT)
        warp_of_cells(p, 170, y, colors)
        p.text(540, y + 14, note, 12, FAINT)
    p.text(20, 196, "4 steps of 32 places each, 96 of 128 filled: 24.0 active lanes. Half of the steps diverged.", 13)
    p.text(20, 216, "Time runs downwards: a warp has one instruction at a time.", 12, FAINT)
    return p


def counters_occupancy():
    p = Picture(720, 232, "Occupancy: how many warps live on a multiprocessor, and what stops the next block from moving in")
    def processor(x, title, blocks, of, why):
        p.text(x, 22, title, 13, weight="bold")
        for slot in range(64):
            block = slot // of
            color = SHADES[block % len(SHADES)] if block < blocks else PAPER
            p.rect(x + slot % 16 * 19, 34 + slot // 16 * 26, 17, 22, color, stroke=FAINT)
        p.text(x, 160, why, 12, FAINT)
        p.text(x, 180, f"{blocks * of} of 64 warps: {blocks * of / 64:.0%}", 13, weight="bold")
    processor(20, "256 threads, 32 registers each", 8, 8, "8 blocks of 8 warps fill every place")
    processor(380, "256 threads, 56 registers each", 4, 8, "registers for 4 blocks; a fifth does not fit")
    p.text(20, 212, "A warp that waits for memory costs nothing while another has something to do.", 13)
    return p


def counters_atomics():
    p = Picture(720, 190, "An atomic on one address takes a turn for each lane; added up in the warp first it takes one")
    p.text(20, 24, "atomicAdd(sum, x)", 13, mono=True, weight="bold")
    warp_of_cells(p, 20, 36, [BLUE] * 32)
    p.rect(180, 96, 40, 24, RED)
    p.text(200, 113, "sum", 12, PAPER, "middle", mono=True)
    for lane in range(0, 32, 2):
        p.line(25 + lane * 11, 56, 200, 94, FAINT, 0.8)
    p.text(20, 146, "32 lanes, one address: 32 turns", 13, weight="bold")
    p.text(400, 24, "warp_sum(x), then lane 0 adds", 13, mono=True, weight="bold")
    warp_of_cells(p, 400, 36, [GREEN] * 32, cell=9)
    p.rect(560, 96, 40, 24, GREEN)
    p.text(580, 113, "sum", 12, PAPER, "middle", mono=True)
    p.line(405, 56, 575, 94, INK, 1.4, arrow=True)
    p.text(400, 146, "one lane, one address: 1 turn", 13, weight="bold")
    p.text(20, 176, "The shuffles that add up in the warp stay within the multiprocessor.", 12, FAINT)
    return p


PICTURES = {
    "docs/counters/request.svg": counters_request,
    "docs/counters/divergence.svg": counters_divergence,
    "docs/counters/occupancy.svg": counters_occupancy,
    "docs/counters/atomics.svg": counters_atomics,
    "chapters/01_vector_add/grid_guard.svg": grid_guard,
    "chapters/01_vector_add/sectors.svg": sectors,
    "chapters/02_transpose/turn.svg": transpose_turn,
    "chapters/02_transpose/banks.svg": transpose_banks,
    "chapters/04_gemm/naive.svg": gemm_naive,
    "chapters/04_gemm/shared_tile.svg": gemm_shared_tile,
    "chapters/04_gemm/register_tile.svg": gemm_register_tile,
    "chapters/13_mnist/cnn.svg": mnist_cnn,
}


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("usage: docs/pictures.py [--check]")
    stale = []
    for name, draw in PICTURES.items():
        path, svg = ROOT / name, draw().svg()
        if path.exists() and path.read_text() == svg:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(svg)
    print("\n".join(f"{'stale' if check else 'drew'}: {name}" for name in stale) or "pictures are in step")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
