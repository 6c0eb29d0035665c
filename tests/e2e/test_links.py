"""What is on screen is in TensorBoard's address, and comes back from there, from a bookmark or from pasted text."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import BrowserContext, expect

from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

OURS = "p.kd_projector."
# Changes the bookmarks in TensorBoard's own document, as another page of the site would; answers with their names.
WRITE = """(change) => {
    const key = Object.keys(localStorage).find((one) => one.startsWith("kd_projector.bookmarks."));
    const next = eval(change)(JSON.parse(localStorage.getItem(key)));
    localStorage.setItem(key, JSON.stringify(next));
    return next.map(({ name }) => name);
}"""


def shown(panel: PanelPage) -> dict[str, Any]:
    state = panel.state
    return {
        "maps": [(one["run"], one["model"], one["layer"], one["step"], one["frame"]) for one in state["panels"]],
        **{name: state[name] for name in ("view", "method", "step", "colorBy", "selected", "link")},
        "camera": np.round(list(state["camera"].values()), 3).tolist(),
    }


def wait_for_address(panel: PanelPage, *parts: str) -> str:
    """The hash of TensorBoard's page, once all parts are in it."""
    panel.page.wait_for_function("(parts) => parts.every((part) => location.hash.includes(part))", arg=list(parts))
    return f"#{panel.page.url.partition('#')[2]}"


def test_a_link_opens_what_its_maker_saw(panel: PanelPage, board: TensorBoard, context: BrowserContext) -> None:
    assert OURS not in panel.page.url  # nothing was chosen yet
    panel.get("method-pca").check(force=True)
    panel.color_by("prediction")
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.get("rows").click()
    panel.get("row-choice").last.uncheck()
    panel.page.keyboard.press("Escape")
    panel.wait_until_drawn()
    sample = panel.lonely_sample(0)
    panel.page.mouse.click(*panel.places(0)[sample])
    panel.page.mouse.wheel(0, -200)
    panel.wait_for("s.selected.length === 1 && s.camera.scale > 1")
    link = wait_for_address(panel, f"{OURS}step=0", f"{OURS}selected={sample}", f"{OURS}camera=", f"{OURS}rows=")
    panel.wait_until_drawn()

    other = PanelPage(context.new_page(), board.address, link)
    other.wait_until_drawn()
    assert shown(other) == shown(panel)
    expect(other.get("legend")).to_contain_text("Prediction")

    # Someone opens another link in this very page: it shows, and says what of it is not here.
    other.page.evaluate(
        f"() => {{ location.hash = '#kd_projector&{OURS}step=17&{OURS}rows=no%20run:net"
        f"&{OURS}colour=ghost&{OURS}measure=novel&{OURS}columns=99' }}"
    )
    notice = other.get("link-notice")
    expect(notice).to_contain_text("run “no run”; step 17")
    expect(notice).to_contain_text("the colouring by “ghost” (Label instead)")
    expect(notice).to_contain_text("layer column 100 (all ")
    expect(notice).to_contain_text("the measure “novel” (")
    other.wait_for("s.method === 'tsne' && s.selected.length === 0 && s.panels.length > 0")
    assert "ghost" in other.page.url
    other.get("dismiss-link-notice").click()
    expect(notice).to_have_count(0)
    other.page.wait_for_function("() => !/ghost|novel|columns/.test(location.hash)")
    assert other.complaints == []


def test_bookmarks_and_pasted_states_bring_back_what_was_there(panel: PanelPage) -> None:
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.get("link").click()
    panel.get("bookmark-name").fill("the start")
    panel.get("bookmark-name").press("Enter")
    expect(panel.get("open-bookmark")).to_have_text("the start")
    # Another page of this site keeps one: it shows, and what is kept here next does not delete it, nor bring it back.
    panel.page.evaluate(WRITE, "(all) => [...all, { name: 'theirs', state: 'v=1&view=about' }]")
    expect(panel.get("open-bookmark")).to_have_text(["the start", "theirs"])
    panel.get("bookmark-name").fill("ours")
    panel.get("bookmark-name").press("Enter")
    expect(panel.get("open-bookmark")).to_have_text(["the start", "theirs", "ours"])
    panel.page.evaluate(WRITE, "(all) => all.filter(({ name }) => name !== 'theirs')")
    panel.get("delete-bookmark").last.click()
    expect(panel.get("open-bookmark")).to_have_text(["the start"])
    assert panel.page.evaluate(WRITE, "(all) => all") == ["the start"]
    panel.page.keyboard.press("Escape")
    panel.press("End")
    panel.get("view-measures").check(force=True)
    wait_for_address(panel, f"{OURS}view=measures")

    panel.reload()  # the address and the bookmarks are there again
    panel.wait_for("s.view === 'measures' && s.step === s.steps.at(-1)")
    panel.get("link").click()
    panel.get("open-bookmark").click()
    panel.wait_for("s.view === 'projector' && s.step === s.steps[0]")
    panel.get("rename-bookmark").click()
    panel.get("new-bookmark-name").fill("first step")
    panel.get("new-bookmark-name").press("Enter")
    expect(panel.get("open-bookmark")).to_have_text("first step")
    panel.get("delete-bookmark").click()
    expect(panel.get("open-bookmark")).to_have_count(0)

    panel.get("paste-state").fill("not a link")
    panel.get("open-state").click()
    expect(panel.get("strange-state")).to_be_visible()
    panel.get("paste-state").fill(f"http://elsewhere:6006/#kd_projector&{OURS}view=similarity&{OURS}v=1")
    panel.get("open-state").click()
    panel.wait_for("s.view === 'similarity' && s.step === s.steps.at(-1)")
    panel.get("start-over").click()
    panel.wait_for("s.view === 'projector' && s.link === ''")

    # At the newest step the address follows; what is kept holds the step that is seen, unless told otherwise.
    newest = panel.state["step"]
    expect(panel.get("link-holds")).to_contain_text("The address itself follows the newest step")
    for name in ("this step", "the newest"):
        panel.get("bookmark-name").fill(name)
        panel.get("bookmark-name").press("Enter")
        panel.get("link-newest").check()
    panel.get("open-bookmark").first.click()
    panel.wait_for("s.link.includes(`step=${argument}`) && s.step === argument", newest)
    panel.get("open-bookmark").last.click()
    panel.wait_for("s.link === '' && s.step === argument", newest)
