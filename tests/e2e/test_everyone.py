"""The panel for everyone: axe-core finds nothing serious in any view and theme, all works by keys, hints at first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

AXE = Path(__file__).parents[2] / "plugin_frontend" / "node_modules" / "axe-core" / "axe.min.js"
FINDINGS = """async ([part, rules]) => {
    const runOnly = rules === null ? {} : { runOnly: rules };
    const { violations } = await axe.run(document.querySelector(part), { resultTypes: ["violations"], ...runOnly });
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.any.map((c) => c.message)}`));
}"""


class Accessibility:
    """Collects what axe-core finds of what is on screen."""

    def __init__(self, panel: PanelPage) -> None:
        self.panel = panel
        self.findings: list[str] = []
        self.rules: list[str] | None = None  # all
        panel.frame.evaluate(AXE.read_text())  # the page forbids inline scripts

    def look(self, at: str, part: str = "html") -> None:
        # What fades in is judged when it is there.
        self.panel.frame.wait_for_function(
            "() => document.getAnimations().every((a) => a.effect.getTiming().iterations === Infinity"
            " || a.playState === 'finished')"
        )
        found: list[str] = self.panel.frame.evaluate(FINDINGS, [part, self.rules])
        self.findings += [f"{at}: {one}" for one in found]


TABS = ("values", "moved", "saved", "export")  # of the sheet "Select", beside the one that it opens at


def open_tab(panel: PanelPage, tab: str) -> None:
    panel.get(f"tab-{tab}").check(force=True)
    if tab == "values":
        panel.get("value-column").select_option("confidence")  # an amount, with a range to be brushed
        expect(panel.get("value-column")).to_have_value("confidence")


@pytest.fixture
def first_visit(board: TensorBoard, context: BrowserContext) -> Iterator[PanelPage]:
    panel = PanelPage(context.new_page(), board.address, first_visit=True)
    panel.wait_until_drawn()
    yield panel
    assert panel.complaints == []


def test_axe_finds_nothing_serious_in_any_view_sheet_and_theme(panel: PanelPage) -> None:
    axe = Accessibility(panel)
    panel.page.mouse.click(*panel.places(0)[panel.lonely_sample(0)])
    panel.wait_for("s.selected.length === 1")
    buttons: list[str] = panel.frame.evaluate(
        "() => [...document.querySelectorAll('.toolbar button[popovertarget]')].map((one) => one.dataset.testid)"
    )
    assert {"rows", "layers", "link", "help"} <= set(buttons)
    for theme in ("light", "dark"):
        panel.page.evaluate("(dark) => document.body.classList.toggle('dark-mode', dark)", theme == "dark")
        panel.frame.wait_for_function("(theme) => document.documentElement.dataset.theme === theme", arg=theme)
        axe.rules = None if theme == "light" else ["color-contrast"]  # in the other theme only the colours are others
        panel.get("view-projector").check(force=True)
        panel.wait_until_drawn()
        axe.look(f"projector, {theme}")
        # Sheets are drawn with the colours of the page around them, which is looked at in both themes.
        for button in buttons if theme == "light" else ["select"]:
            panel.get(button).click()
            axe.look(f"sheet of {button}, {theme}", ":popover-open")
            for tab in TABS if (button, theme) == ("select", "light") else ():
                open_tab(panel, tab)
                axe.look(f"tab {tab}", ":popover-open")
            panel.page.keyboard.press("Escape")
        panel.frame.locator("[data-expands]").first.press("Enter")
        panel.get("compare-usual").click()
        panel.get("layout-overlay").check(force=True)
        panel.wait_for("s.focus.length === 2")
        panel.wait_until_drawn()
        axe.look(f"focus, {theme}")
        panel.get("back-to-all").click()
        for view in ("measures", "similarity", "about"):
            panel.get(f"view-{view}").check(force=True)
            panel.wait_for("s.view === argument", view)
            axe.look(f"{view}, {theme}")
    assert axe.findings == []


def test_every_control_is_reached_and_worked_by_keyboard(panel: PanelPage) -> None:
    # At 1280 the bar is one line, whatever colours the samples.
    panel.get("color-by").click()
    panel.get("color-choice").and_(panel.frame.locator("[data-key=correctness]")).check()
    panel.page.keyboard.press("Escape")
    bar = panel.frame.locator(".toolbar").bounding_box()
    assert bar is not None
    assert bar["height"] < 50

    home = panel.state["camera"]
    panel.press("+")
    panel.press("+")
    panel.wait_for("s.camera.scale > 1.5 * argument", home["scale"])
    panel.press("Shift+ArrowRight")
    panel.press("Shift+ArrowUp")
    panel.wait_for("s.camera.x > argument.x && s.camera.y > argument.y", home)
    assert panel.state["step"] == panel.state["steps"][-1]  # with Shift the arrows move maps, not steps
    panel.press("-")
    panel.press("0")
    panel.wait_for("JSON.stringify(s.camera) === JSON.stringify(argument)", home)

    panel.press("?")
    expect(panel.get("help-sheet")).to_be_visible()
    expect(panel.get("help-sheet")).to_contain_text("Zoom in")
    panel.page.keyboard.press("Escape")
    expect(panel.get("help-sheet")).to_be_hidden()

    # By Tab alone: each control that shows, with a ring; in the sheet "Select" those of each of its tabs.
    panel.frame.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")
    ringless, missed = walk(panel, "body")
    assert (ringless, missed) == ([], [])
    panel.page.mouse.click(*panel.places(0)[panel.lonely_sample(0)])
    panel.wait_for("s.selected.length === 1")
    panel.get("select").click()
    for tab in TABS:
        open_tab(panel, tab)
        panel.get("find").focus()  # the first in the sheet
        ringless, missed = walk(panel, "[data-testid=select-sheet]")
        assert (ringless, missed) == ([], []), tab


def walk(panel: PanelPage, part: str) -> tuple[list[str], list[str]]:
    """Tab through a part of the panel from where the focus is: the stops without a ring, the controls passed by."""
    panel.frame.evaluate("() => { window.stops = new Set([document.activeElement]); }")
    ringless: list[str] = []
    for _ in range(500):
        panel.page.keyboard.press("Tab")
        # Elements are counted, not names: one of fifteen buttons of a kind says nothing of the other fourteen.
        stop = panel.frame.evaluate(
            """(part) => {
                const one = document.activeElement;
                if (!document.hasFocus() || one === document.body || one.closest(part) === null) return null;
                window.stops.add(one);
                const ring = [one, one.closest("label") ?? one].some((of) => {
                    const { outlineStyle, outlineWidth } = getComputedStyle(of);
                    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
                });
                return { name: one.dataset.testid ?? one.getAttribute("aria-label") ?? one.textContent, ring };
            }""",
            part,
        )
        if stop is not None:
            ringless += [] if stop["ring"] else [stop["name"]]
        elif panel.frame.evaluate("() => window.stops.size > 1"):
            break
    missed: list[str] = panel.frame.evaluate(
        """(part) => [...document.querySelector(part).querySelectorAll('button, select, input, [tabindex="0"]')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0
                // Of radio buttons only the chosen one is a stop; the arrows go on from there.
                && !(one.type === "radio" && !one.checked) && !window.stops.has(one))
            .map((one) => one.dataset.testid ?? one.getAttribute("aria-label") ?? one.textContent)""",
        part,
    )
    return ringless, missed


def test_the_first_visit_has_three_hints_that_can_be_dismissed_for_good(first_visit: PanelPage) -> None:
    panel = first_visit
    hint = panel.get("hint")
    anchors = {0: "row-header", 1: "step-slider", 2: "reference-note"}
    axe = Accessibility(panel)
    axe.look("the first hint", "[data-testid=hint]")
    assert axe.findings == []
    for number, anchor in anchors.items():
        expect(hint).to_have_attribute("data-hint", str(number))
        expect(hint).to_be_visible()
        card, about = hint.bounding_box(), panel.get(anchor).first.bounding_box()
        assert card is not None
        assert about is not None
        gap = max(card["y"] - about["y"] - about["height"], about["y"] - card["y"] - card["height"])
        assert 0 <= gap < 40, anchor  # beside what it is about, never on it
        panel.get("next-hint").press("Enter")
    expect(hint).to_have_count(0)
    panel.reload()
    panel.wait_until_drawn()
    expect(panel.get("hint")).to_have_count(0)
    panel.get("help").click()
    panel.get("show-hints").click()
    expect(panel.get("hint")).to_be_visible()
    panel.get("skip-hints").press("Escape")
    expect(panel.get("hint")).to_have_count(0)
