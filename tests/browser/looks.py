"""What a person would see at a glance, asked of the browser: cut, overlapping, wide, unmarked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

from analysis.text import LANGUAGES, translator

if TYPE_CHECKING:
    from playwright.sync_api import Page

BEGUN = "This language has only been begun. What is marked [en] waits for a translator."
LAW = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
LOCAL = {"127.0.0.1", "localhost"}
INLINE = {"data", "blob", "about", "file"}
# Text that its own box cuts off, and boxes of text that lie on one another. Scrolling boxes and
# what is there for screen readers only are no fault.
FAULTS = """() => {
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(node).visibility !== 'hidden';
  };
  const named = (node) => node.tagName + '.' + node.className + ' '
    + node.textContent.trim().slice(0, 60);
  const found = [];
  const texts = 'p, li, h1, h2, h3, th, td, dt, dd, a, label, button, summary, caption, figcaption';
  for (const node of document.querySelectorAll(texts)) {
    if (!shown(node)) continue;
    const style = getComputedStyle(node);
    const cut = ['hidden', 'clip'].includes(style.overflowX);
    if (cut && node.scrollWidth > node.clientWidth + 1) found.push('cut: ' + named(node));
    const box = node.getBoundingClientRect();
    if (!node.closest('.table, .picture, svg') && box.right > innerWidth + 1)
      found.push('beyond the edge: ' + named(node));
  }
  for (const parent of document.querySelectorAll('body, header, main, section, footer, article')) {
    const boxes = [...parent.children].filter((node) => shown(node)
      && !['absolute', 'fixed'].includes(getComputedStyle(node).position)
      && node.tagName !== 'LABEL').map((node) => [node, node.getBoundingClientRect()]);
    boxes.forEach(([one, a], place) => {
      for (const [other, b] of boxes.slice(place + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2) found.push('overlap: ' + named(one) + ' | ' + named(other));
      }
    });
  }
  return found;
}"""


def find_violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 A and AA, with the first place of each."""
    answer = (
        Axe()
        .run(page, options={"runOnly": {"type": "tag", "values": LAW}, "preload": False})
        .response
    )
    assert answer["passes"], "axe-core looked at nothing"
    return [
        f"{v['id']} ({len(v['nodes'])} times): {v['nodes'][0]['target']} "
        f"{v['nodes'][0]['failureSummary']}"
        for v in answer["violations"]
    ]


def find_faults(page: Page) -> list[str]:
    """Text that is cut, lies on other text or beyond the edge; a page that scrolls sideways."""
    found = page.evaluate(FAULTS)
    width, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*found, *([f"wider than the window: {width}"] if width > inner else [])]


def find_strangers(asked: list[str]) -> list[str]:
    """Requests that left this machine."""
    return [
        url
        for url in asked
        if urlsplit(url).scheme not in INLINE and urlsplit(url).hostname not in LOCAL
    ]


def find_unmarked(page: Page) -> list[str]:
    """Messages that no translator has seen: they carry the mark of the source language."""
    text = page.evaluate("document.body.innerText")
    # The note that explains the mark names it.
    told = {translator(code)(BEGUN) for code in LANGUAGES}
    return [line for line in text.splitlines() if "[en]" in line and line.strip() not in told]


def list_stops(page: Page) -> list[str]:
    """Every place that the tabulator should stop at: links, tables, one a group of choices."""
    return page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, select, summary, [tabindex="0"], input.pick:checked')]
        .filter((node) => node.matches('input')
          ? getComputedStyle(node).display !== 'none' : node.checkVisibility())
        .map((node) => node.outerHTML.slice(0, 90))""")


def walk_by_keyboard(page: Page) -> tuple[list[str], list[str]]:
    """Press the tabulator until the end: the stops, and those of them that show no ring."""
    stops, ringless = [], []
    for _ in range(600):
        page.keyboard.press("Tab")
        stop, ring = page.evaluate("""() => {
          const node = document.activeElement;
          if (!node || node === document.body) return ['', true];
          const seen = node.matches('input.pick') ? node.nextElementSibling : node;
          return [node.outerHTML.slice(0, 90), getComputedStyle(seen).outlineStyle !== 'none'];
        }""")
        if not stop or (stops and stop == stops[0]):
            break
        stops.append(stop)
        if not ring:
            ringless.append(stop)
    return stops, ringless
