"""Draw the pictures of the editors' guide: `uv run python -m tools.content_pictures`.

Files and terminals are drawn from simple HTML, so that no running bot is needed; what the terminal
shows is the real output of `frontline validate` on a small project. Needs Chromium
(`apt-get install chromium`).
"""

import asyncio
import html
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.async_api import async_playwright

from frontline.settings import PROJECT
from tools.check_content import as_text, problems

PICTURES = PROJECT / "docs" / "user" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu"]
WIDTH = 900
STYLE = """
* { box-sizing: border-box }
body { margin: 0; padding: 14px; background: #fff; font: 15px/1.5 "DejaVu Sans", sans-serif }
.window { border: 1px solid #9aa5b1; border-radius: 8px; overflow: hidden }
.title { background: #e4e7eb; color: #323f4b; padding: 6px 14px; font-weight: bold }
pre { margin: 0; padding: 10px 0; font: 14px/1.6 "DejaVu Sans Mono", monospace;
      white-space: pre-wrap; overflow-wrap: anywhere }
pre div { padding: 0 14px }
.terminal pre { background: #1f2933; color: #f5f7fa }
.terminal b { color: #ffd166; font-weight: normal }
.number { display: inline-block; width: 2.4em; color: #7b8794 }
.note { float: right; background: #ffe8a3; padding: 0 8px; border-radius: 4px }
.new { background: #d3f9d8; border-left: 5px solid #2b8a3e; padding-left: 9px !important }
.way { display: flex; align-items: stretch; gap: 8px }
.box { flex: 1; border: 2px solid #334e68; border-radius: 8px; padding: 10px }
.box b { display: block; color: #102a43 }
.box code { font: 11px "DejaVu Sans Mono", monospace; color: #486581; overflow-wrap: anywhere }
.arrow { align-self: center; font-size: 26px; color: #334e68 }
"""

WAY = (
    ("1. Pytanie klienta", "„gdzie jest moja paczka”", "nlu_data/pl/orders/order_status.yml"),
    ("2. Intencja", "order_status", "nlu_data/intents.yml"),
    ("3. Reguła i akcja", "action_order_status", "nlu_data/rules/orders.yml"),
    ("4. Odpowiedź", "„Zamówienie jest w drodze.”", "bot/domain/orders.yml"),
)

SENTENCES = """\
version: "3.1"
nlu:
- intent: opening_hours
  examples: |
    - do której dziś otwarte?
    - czy w niedzielę handlową pracujecie
    - dzień dobry, w jakich godzinach można dodzwonić się na infolinię
+    - o ktorej zamykacie w wigilie
"""

ANSWER = """\
  utter_orders_status_paid:
+  - text: Zamówienie {number} jest opłacone, właśnie je pakujemy.\tpolski, czat
  - text: Zamówienie {number} jest opłacone i przygotowujemy je do wysyłki.\tpolski, głos
    channel: voice
  - text: Order {number} is paid and we are preparing it for dispatch.\tangielski, czat
    condition: [{type: slot, name: language, value: en}]
  - text: Order {number} is paid and we are preparing it for dispatch.\tangielski, głos
    channel: voice
    condition: [{type: slot, name: language, value: en}]
"""

MISTAKEN = {
    "nlu_data/intents.yml": """\
intents:
- name: order_status
  minimum: {pl: 3, en: 0}
- name: delivery_problem
  minimum: {pl: 1, en: 0}
""",
    "nlu_data/pl/orders/order_status.yml": """\
nlu:
- intent: order_status
  examples: |
    - gdzie jest moja paczka
    - kiedy przyjdzie zamówienie 104731
""",
    "nlu_data/pl/delivery/delivery_problem.yml": """\
nlu:
- intent: delivery_problem
  examples: |
    - Gdzie jest moja paczka?!
    - paczka zaginęła, proszę pisać na jan@poczta.pl
""",
    "nlu_data/rules/orders.yml": """\
rules:
- rule: order_status
  steps: [{intent: order_status}, {action: action_order_status}]
- rule: delivery_problem
  steps: [{intent: delivery_problem}, {action: action_delivery_problem}]
""",
    "nlu_data/legal.yml": "legal: []\n",
    "nlu_data/forbidden.yml": "forbidden: []\n",
    "bot/domain/orders.yml": """\
intents: [order_status, delivery_problem]
actions: [action_order_status, action_delivery_problem]
""",
}


def page(body: str) -> str:
    """A whole page."""
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{body}"


def way() -> str:
    """From the question to the answer."""
    boxes = [
        f"<div class=box><b>{title}</b>{html.escape(example)}<br><code>{file}</code></div>"
        for title, example, file in WAY
    ]
    return page(f"<div class=way>{'<div class=arrow>→</div>'.join(boxes)}</div>")


def file(name: str, text: str, first: int) -> str:
    """A file in an editor; lines that begin with a plus are new, a tab precedes a note."""
    lines = []
    for number, line in enumerate(text.splitlines(), first):
        shown, _, note = html.escape(line.removeprefix("+")).partition("\t")
        shown += f"<span class=note>{note}</span>" if note else ""
        new = " class=new" if line.startswith("+") else ""
        lines.append(f"<div{new}><span class=number>{number}</span>{shown}</div>")
    title = f"<div class=title>{name}</div>"
    return page(f"<div class=window>{title}<pre>{''.join(lines)}</pre></div>")


def terminal(*commands: tuple[str, str]) -> str:
    """A terminal with commands and what they printed."""
    lines = []
    for command, output in commands:
        lines.append(f"<div><b>$ {html.escape(command)}</b></div>")
        lines += [f"<div>{html.escape(line)}</div>" for line in output.splitlines()]
    title = "<div class=title>Terminal</div>"
    return page(f"<div class='window terminal'>{title}<pre>{''.join(lines)}</pre></div>")


def validated() -> str:
    """What `frontline validate` really says of a small project with three mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MISTAKEN.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return as_text(problems(Path(folder), date(2026, 1, 1)))


def drawings() -> dict[str, str]:
    """Name and page of each picture."""
    return {
        "editors-way": way(),
        "editors-sentence": file("nlu_data/pl/company/opening_hours.yml", SENTENCES, 1),
        "editors-answer": file("bot/domain/orders.yml", ANSWER, 70),
        "editors-validate": terminal(("uv run frontline validate", validated())),
    }


async def draw(chromium: str) -> None:
    """All pictures, each as high as its content."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = await browser.new_page(viewport={"width": WIDTH, "height": 100})
        for name, drawing in drawings().items():
            await tab.set_content(drawing)
            await tab.screenshot(path=PICTURES / f"{name}.png", full_page=True)
            print(f"docs/user/pictures/{name}.png")
        await browser.close()


def main() -> int:
    """Entry point; returns the exit code."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("needs Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    asyncio.run(draw(chromium))
    return 0


if __name__ == "__main__":
    sys.exit(main())
