#!/usr/bin/env python3
"""Uses a profile's page as a reader does, in a Chromium without a window: real clicks, real keys.

    report_page.py PAGE.html     a profile of transpose_naive, transpose_tile and transpose_padded

Prints what is not as it should be, and fails; exits with 77 where there is no Chromium. Speaks the DevTools protocol
over two pipes, so that nothing beyond Python is needed.
"""
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

kSkipped = 77


class Browser:
    def __init__(self, program, profile):
        to, self.commands = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in os.pipe())
        self.answers, back = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in os.pipe())
        words = [program, "--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
                 f"--user-data-dir={profile}"] + (["--no-sandbox"] if os.getuid() == 0 else [])
        self.process = subprocess.Popen(words, pass_fds=(3, 4), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        preexec_fn=lambda: (os.dup2(to, 3), os.dup2(back, 4)))
        os.close(to)
        os.close(back)
        self.pending, self.events, self.count, self.session = b"", [], 0, None

    def read(self):
        while b"\0" not in self.pending:
            some = os.read(self.answers, 1 << 20)
            if not some:
                raise EOFError("Chromium does not start")
            self.pending += some
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        """Seconds until all is drawn."""
        del self.events[:]
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read())
        return self.js("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") / 1000

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def key(self, key):
        text = {"text": key} if len(key) == 1 else {"windowsVirtualKeyCode": 27} if key == "Escape" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def mouse(self, selector, *what):
        x, y = self.js(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: "center"}});
            const box = element.getBoundingClientRect();
            return [box.x + Math.min(box.width / 2, 60), box.y + box.height / 2];
        }})()""")
        for kind in what:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def click(self, selector):
        self.mouse(selector, "mouseMoved", "mousePressed", "mouseReleased")

    def stop(self):
        self.process.kill()
        self.process.wait()


# The least contrast between a text and what is behind it, over all that is shown.
kContrast = """(() => {
  const parse = color => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
  const over = (a, b) => ({r: a.r * a.a + b.r * (1 - a.a), g: a.g * a.a + b.g * (1 - a.a), b: a.b * a.a + b.b * (1 - a.a), a: 1});
  const light = ({r, g, b}) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    if (!element) return {r: 255, g: 255, b: 255, a: 1};
    const box = element.matches(".lane, .word") ? element.querySelector("rect") : null;
    const color = box ? getComputedStyle(box).fill : getComputedStyle(element).backgroundColor;
    const own = color === "none" ? {r: 0, g: 0, b: 0, a: 0} : parse(color);
    return own.a === 1 ? own : over(own, behind(element.parentElement));
  };
  let least = {ratio: 99, text: ""}, count = 0;
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join("");
    if (!text || !element.getClientRects().length || ["SCRIPT", "title"].includes(element.tagName)) continue;
    const style = getComputedStyle(element), back = behind(element.tagName === "text" ? element.parentElement : element);
    const front = over(parse(element.tagName === "text" ? style.fill : style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    ++count;
    if (ratio < least.ratio) least = {ratio, text: `${element.tagName} "${text}" ${JSON.stringify([front, back])}`};
  }
  return {...least, count};
})()"""

failures = []


def expect(what, seen, wanted):
    if seen != wanted:
        failures.append(f"{what}: {seen!r}, not {wanted!r}")


def check(browser, page):
    bytes_ = page.stat().st_size
    expect("the page is less than 3 MiB", bytes_ < 3 << 20, True)
    for domain in ("Page", "Runtime", "Network", "Log"):
        browser.call(domain + ".enable")
    browser.call("Emulation.setDeviceMetricsOverride", width=1400, height=900, deviceScaleFactor=1, mobile=False)
    seconds = min(browser.open(page.as_uri()) for _ in range(2))
    expect(f"it opens within a second ({seconds:.2f} s)", seconds < 1, True)

    def js(expression):
        return browser.js(expression)

    def counted_line(text):  # of the kernel that is shown
        return js(f"'#line-' + kernels[state.kernel].lines.findIndex(line => line.source.includes({json.dumps(text)}) && line.samples.length)")

    shown_line = "Number(document.querySelector('tr[aria-selected=true]').id.slice(5))"
    used = "document.querySelectorAll('#picture .sector:not(.untouched)').length"
    expect("kernels", js("[...document.querySelectorAll('[role=tab]')].map(tab => tab.textContent)"),
           ["transpose_naive", "transpose_tile", "transpose_padded"])
    expect("the sources are whole", js("document.querySelectorAll('#source tbody tr').length"),
           js("Object.values(data.sources).reduce((sum, lines) => sum + lines.length, 0)"))

    # Global memory: by a click; the costliest request first.
    browser.click(counted_line("out[x * n + y + j]"))
    expect("sectors of a column", js(used), 32)
    expect("what is said of them", js("document.querySelector('#picture strong').textContent"), "32 sectors of 32 bytes")
    at = js("state.sample")
    browser.key("p")
    expect("p goes to the request before", js("state.sample"), at - 1)
    browser.key("n")
    expect("n goes back", js("state.sample"), at)
    loads = js("chosenSamples().findIndex(sample => sample.kind === 'load')")
    for _ in range(abs(loads - at)):
        browser.key("p" if loads < at else "n")
    expect("sectors of a row", js(used), 4)
    expect("for every request as many sectors are drawn as were counted", js("""
        kernels.every(kernel => kernel.lines.every(line => line.samples.every(sample => sample.space === "shared"
          ? wavefrontsOf(sample).length === sample.wavefronts
          : sectorsOf(sample).reduce((sum, {sectors}) => sum + sectors.filter(of => of.length).length, 0) === sample.sectors)))"""), True)

    # One lane: by the mouse, then by the keyboard.
    browser.mouse('.lane[data-lane="5"]', "mouseMoved")
    expect("the lane under the mouse", js("document.querySelector('.lane.hot').dataset.lane"), "5")
    expect("what is said of it", js("document.getElementById('told').textContent.startsWith('lane 5: buffer ')"), True)
    browser.key("ArrowRight")
    expect("the lane beside it has the focus", js("document.activeElement.dataset.lane"), "6")

    # Lines: by keys.
    first = js(shown_line)
    browser.key("k")
    browser.key("ArrowDown")
    expect("up and down again", js(shown_line), first)
    browser.key("k")
    expect("a line up", js(shown_line), first - 1)
    expect("it has the focus", js("document.activeElement.id"), f"line-{first - 1}")

    # Shared memory: wavefronts.
    browser.key("]")
    expect("the next kernel", js("document.querySelector('[role=tab][aria-selected=true]').textContent"), "transpose_tile")
    browser.click(counted_line("= tile[threadIdx.x]"))
    while js("chosenSamples()[state.sample].space") != "shared":
        browser.key("n")
    expect("wavefronts of a column", js("document.querySelector('#picture strong').textContent"),
           "32 wavefronts, 1 without conflicts")
    expect("one word in each", js("document.querySelectorAll('.word.now').length"), 1)
    expect("for the first lane", js("[...document.querySelectorAll('.lane.now')].map(lane => lane.dataset.lane)"), ["0"])
    browser.key(".")
    browser.key(".")
    expect("two wavefronts on", js("document.querySelector('.lane.now').dataset.lane"), "2")
    browser.key(",")
    expect("one back", js("state.wavefront"), 1)
    browser.click('[data-key="."]')
    expect("one on, by the mouse", js("state.wavefront"), 2)
    browser.click("#tab-2")
    browser.click(counted_line("= tile[threadIdx.x]"))
    while js("chosenSamples()[state.sample].space") != "shared":
        browser.key("n")
    expect("with a padded tile", js("document.querySelector('#picture strong').textContent"),
           "1 wavefront, 1 without conflicts")
    expect("all banks give a word", js("document.querySelectorAll('.word.now').length"), 32)

    # Help, and colours.
    browser.key("?")
    expect("help", js("document.getElementById('help').open"), True)
    browser.key("Escape")
    expect("closed", js("document.getElementById('help').open"), False)
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        js("new Promise(requestAnimationFrame)")  # the page hears of it before it is drawn again
        expect("the scheme is the system's", js("document.documentElement.dataset.theme"), scheme)
        for tab in range(3):
            browser.click(f"#tab-{tab}")
            browser.mouse('.lane[data-lane="3"]', "mouseMoved")
            time.sleep(.15)  # colours move
            worst = js(kContrast)
            expect(f"contrast in {scheme}, {worst}", worst["ratio"] >= 4.5 and worst["count"] > 100, True)
    browser.key("t")
    expect("and the reader's", js("document.documentElement.dataset.theme"), "light")

    requests = [event["params"]["request"]["url"] for event in browser.events
                if event.get("method") == "Network.requestWillBeSent"]
    expect("nothing else is loaded", [url for url in requests if not url.startswith("data:")], [page.as_uri()])
    complaints = [event["params"] for event in browser.events if event.get("method") in
                  ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]
    expect("nothing is complained of", complaints, [])
    return f"{bytes_:,} bytes, opened in {seconds:.2f} s"


def main():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        print("no Chromium on this machine")
        sys.exit(kSkipped)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        except EOFError as error:  # as where it is a package's stand-in
            print(error)
            sys.exit(kSkipped)
        try:
            figures = check(browser, pathlib.Path(sys.argv[1]).resolve())
        finally:
            browser.stop()
    print("\n".join(failures) or figures)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
