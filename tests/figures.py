"""A chart as it is drawn, and what holds for every one: it can be read, and leads to sentences."""

import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from helpers.show.drawing import LIGHT, style


def drawn(chart, ink=LIGHT):
    """The figure with everything in its place, and every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return chart.drawn(ink)


def marked(figure):
    """The artists of each mark, by number, the first first."""
    found = {}
    for artist in figure.findobj(lambda artist: str(artist.get_gid()).startswith("mark-")):
        found.setdefault(int(artist.get_gid()[5:]), []).append(artist)
    return found


def texts(figure):
    """Every text that can be seen."""
    seen = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    for legend in figure.legends:
        seen += legend.get_texts()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            with mpl.rc_context(style(LIGHT)):  # the ticks depend on the size of letters
                ticks = [
                    label
                    for tick in axis.get_major_ticks()
                    for label in (tick.label1, tick.label2)
                    if low - 1e-9 <= tick.get_loc() <= high + 1e-9
                ]
            seen += [axis.label, *ticks]
    return [text for text in seen if text.get_text().strip() and text.get_visible()]


def words(figure):
    """All words of a figure on one line."""
    return " ".join(" ".join(text.get_text() for text in texts(figure)).split())


def assert_readable(chart, ink=LIGHT, width=8.0, least=9):
    """No text is cut, none lies on another, none is small."""
    chart.width = width
    figure = drawn(chart, ink)
    seen = [(text, text.get_window_extent()) for text in texts(figure)]
    for text, box in seen:
        assert text.get_fontsize() >= least, text.get_text()
        whole = figure.bbox
        inside = min(box.x0, box.y0) >= -0.5 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1
        assert inside, f"cut: {text.get_text()}"
    for (one, first), (other, second) in combinations(seen, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        up = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= 1 or up <= 2, f"{one.get_text()!r} lies on {other.get_text()!r}"


def assert_leads(chart, corpus):
    """Each mark has a place in the picture, and sentences that are there, each once."""
    known = {id for each in corpus.documents for id in each.sentences.index}
    png, boxes = chart.image(LIGHT)
    assert png.startswith(b"\x89PNG") and sorted(boxes) == list(range(len(chart.marks)))
    for left, top, width, height in boxes.values():
        assert -0.01 <= left <= left + width <= 1.01 and -0.01 <= top <= top + height <= 1.01
        assert width > 0 and height > 0
    assert len({mark.label for mark in chart.marks}) == len(chart.marks)
    for mark in chart.marks:
        assert mark.sentences and known.issuperset(mark.sentences), mark.label
        assert len(set(mark.sentences)) == len(mark.sentences), mark.label


def assert_stands_out(chart, ink):
    """Every text has a contrast of 4.5 to what is behind it (WCAG 2.2 AA)."""
    figure = drawn(chart, ink)
    seen = [(each.get_text(), each.get_color(), each.get_window_extent()) for each in texts(figure)]
    for text in figure.findobj(Text):
        text.set_alpha(0)
    with mpl.rc_context(style(ink)):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for said, colour, box in seen:
        rows = slice(max(int(box.y0), 0), int(box.y1) + 1)
        behind = picture[rows, max(int(box.x0), 0) : int(box.x1) + 1].reshape(-1, 3)
        shades, counts = np.unique(behind.round(2), axis=0, return_counts=True)
        often = shades[counts > 0.04 * counts.sum()]
        worst = min(contrast(to_rgb(colour), shade) for shade in often)
        assert worst >= 4.5, f"{said}: {worst:.2f}"


def luminance(colour):
    parts = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour
    ]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
