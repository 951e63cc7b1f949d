"""The reading edition: widgets as plain HTML, escaped, a sentence with one place on a page."""

from helpers import ask, concordance, explore, frame_profile, read
from helpers.show import widget
from helpers.show.widget import Widget

HOSTILE = "<script>alert(1)</script>"


def static(shown, monkeypatch):
    monkeypatch.setenv("UNION_STATIC", "1")
    return shown._repr_mimebundle_()[0]["text/html"]


def test_widgets_are_plain_and_escaped(corpus, journal, reference, monkeypatch):
    asked = static(ask("q", HOSTILE, [HOSTILE, "b"], journal=journal), monkeypatch)
    assert "<script" not in asked and asked.count("&lt;script") == 2 and asked.count("☐") == 2
    lines = static(concordance(corpus, "wage*"), monkeypatch)
    assert '<tbody><tr><th scope="row">kctu-' in lines.replace("\n", "")
    chart = static(explore(frame_profile(corpus, reference), corpus), monkeypatch)
    assert chart.count("<img") == 2 and "The numbers as a table" in chart
    other = static(Widget(title=HOSTILE, told="As it is."), monkeypatch)
    assert "&lt;script" in other and "As it is." in other and "answers to you" in other


def test_a_sentence_has_one_place_on_a_page(corpus, monkeypatch):
    monkeypatch.setattr(widget, "_placed", set())
    first, second = (static(read(corpus["kctu"]), monkeypatch) for _ in range(2))
    assert first.count('id="kctu-001"') == 1 and 'id="kctu-001"' not in second
    assert first.count('href="#kctu-001"') == second.count('href="#kctu-001"') == 1
    assert "<summary>Glossary</summary>" in first
