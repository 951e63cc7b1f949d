"""A chart as it is drawn: its figure, the artists of its marks, and every text that can be seen."""

import matplotlib as mpl

from helpers.show.charts import LIGHT, _style


def drawn(chart, ink=LIGHT):
    """The figure as it is drawn, with everything in its place."""
    figure = chart._drawn(ink)
    with mpl.rc_context(_style(ink)):
        figure.draw_without_rendering()
    return figure


def marked(figure):
    """The artists of the marks by number."""
    found = figure.findobj(lambda artist: str(artist.get_gid()).startswith("mark-"))
    assert len({artist.get_gid() for artist in found}) == len(found)
    return {int(artist.get_gid()[5:]): artist for artist in found}


def texts(figure):
    """Every text that can be seen."""
    seen = [text for axes in figure.axes for text in axes.texts]
    for legend in figure.legends:
        seen += [*legend.get_texts(), legend.get_title()]
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            with mpl.rc_context(_style(LIGHT)):  # the ticks depend on the size of letters
                ticks = [
                    tick.label1
                    for tick in axis.get_major_ticks()
                    if low - 1e-9 <= tick.get_loc() <= high + 1e-9
                ]
            seen += [axis.label, *ticks]
    return [text for text in seen if text.get_text().strip() and text.get_visible()]
