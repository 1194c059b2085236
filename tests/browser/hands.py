"""Two ways to use a page: with a pointer, or with nothing but the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOCUSED = "selector => !!document.activeElement && document.activeElement.matches(selector)"
# Whether anything about the focused element or what is round it looks different without the focus.
SEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return true;
  const round = [e.nextElementSibling];
  for (let x = e, n = 0; x && n < 5; x = x.parentElement, n += 1) round.push(x);
  const look = () => round.filter(Boolean).flatMap(x => [null, '::after'].map(part => {
    const s = getComputedStyle(x, part);
    return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join();
  })).join('|');
  const focused = look();
  e.blur();
  const plain = look();
  e.focus({preventScroll: true, focusVisible: true});
  return focused !== plain;
}"""
COVERED = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  const points = [[.5, .5], [.1, .2], [.9, .8]].map(([x, y]) =>
    document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  return !points.some(hit => hit && (e.contains(hit) || hit.contains(e)));
}"""


class Pointer:
    """Clicks and types; works with and without JavaScript."""

    def __init__(self, page: Any):
        self.page = page

    def go(self, selector: str) -> None:
        """Follow a link or press a button."""
        self.page.locator(selector).first.click()

    def choose(self, selector: str) -> None:
        """Tick a box or choose a radio button, wherever its label is."""
        self.page.locator(selector).first.check(force=True)

    def write(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def type(self, selector: str, text: str) -> None:
        """Letter by letter, as those who are offered something while they type."""
        field = self.page.locator(selector).first
        field.click()
        field.press_sequentially(text, delay=15)

    def attach(self, selector: str, path: Path) -> None:
        self.page.locator(selector).first.set_input_files(path)


class Keyboard(Pointer):
    """Tab, Enter, Space and letters; every stop must be visible and not hidden under something."""

    MOST_STOPS = 150

    def _reach(self, selector: str) -> None:
        self.page.wait_for_load_state("load")
        self.page.locator(selector).first.wait_for(state="attached")
        for _stop in range(self.MOST_STOPS):
            if self.page.evaluate(FOCUSED, selector):
                assert not self.page.evaluate(COVERED), f"{selector} is focused under something"
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SEEN), "focus cannot be seen on " + self.page.evaluate(
                "document.activeElement.outerHTML.slice(0, 200)"
            )
        raise AssertionError(f"{selector} is not reached with the Tab key on {self.page.url}")

    def go(self, selector: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Enter")

    def choose(self, selector: str) -> None:
        name = self.page.locator(selector).first.get_attribute("name")
        field = self.page.locator(selector).first
        if field.is_checked():
            return
        self._reach(f'input[name="{name}"]')
        for _other in range(12):
            if field.is_checked():
                return
            if self.page.evaluate(FOCUSED, selector):
                self.page.keyboard.press("Space")
            else:
                self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{selector} cannot be chosen with the keyboard")

    def write(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def type(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.page.keyboard.type(text, delay=15)
