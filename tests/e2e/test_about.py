"""The About view says what a paper's appendix has to: settings, layers, probe, maps and versions."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

import kd_projector
from kd_projector.store import RunReader
from tests.e2e.panel_page import PanelPage


def test_about_tells_what_was_logged_and_how_maps_are_made(panel: PanelPage, demo: tuple[Path, str]) -> None:
    reader = RunReader(demo[0] / "distilled")
    panel.get("view-about").check(force=True)
    panel.wait_for("s.view === 'about' && s.panels.length === 0")
    run = panel.get("about-run").and_(panel.frame.locator("[data-run=distilled]"))
    expect(run.locator("[data-name=Probed]")).to_contain_text(str(reader.manifest.settings["every"]))
    for name in reader.models:
        model = run.locator(f"[data-model={name}]")
        steps = reader.steps(name)
        logged = "embedded once" if len(steps) == 1 else f"{len(steps)} steps"
        expect(model.locator("caption")).to_contain_text(logged)
        layers = model.locator("tbody tr").all_inner_texts()
        described = [(text.split()[0], text.split("\t")[1].strip()) for text in layers]
        assert described == [(layer.name, str(layer.dim)) for layer in reader.model(name).layers]

    probe = panel.get("about-probe")
    expect(probe.get_by_test_id("fingerprint")).to_have_text(reader.manifest.probe_fingerprint)
    assert probe.get_by_test_id("about-class").count() == 10
    expect(panel.get("about-maps").locator("[data-name='Reference map']")).to_contain_text("teacher · embedding")
    expect(panel.get("about-maps")).to_contain_text("can show structure that is not there")
    expect(panel.get("version").and_(panel.frame.locator("[data-name=kd_projector]"))).to_contain_text(
        kd_projector.__version__
    )

    tsne = panel.get("about-method").and_(panel.frame.locator("[data-method=tsne]"))
    expect(tsne.get_by_test_id("parameter").filter(has_text="perplexity")).to_contain_text("30")

    panel.frame.locator(".about-link", has_text="Maps").click()
    expect(panel.get("about-maps")).to_be_in_viewport()
    expect(panel.get("view-about")).to_be_in_viewport()  # the bar stays

    panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get("copy-json").click()
    expect(panel.get("copy-json")).to_have_text("Copied")
    copied = json.loads(panel.page.evaluate("() => navigator.clipboard.readText()"))
    assert [run["name"] for run in copied["runs"]] == ["baseline", "distilled"]
    assert copied["probe"]["fingerprint"] == reader.manifest.probe_fingerprint
