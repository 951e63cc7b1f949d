"""Settings of the reading edition, for Sphinx. Run by ``make site``."""

project = "What Is a Union For?"
html_title = project
copyright = "the authors; the two documents keep their own rights, as their pages say"
extensions = ["myst_nb"]
html_theme = "furo"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5560", "color-brand-content": "#0b5560"},
    "dark_css_variables": {"color-brand-primary": "#7fd0da", "color-brand-content": "#7fd0da"},
}
html_static_path = ["static"]
html_css_files = ["base.css", "site.css"]
html_js_files = ["theme.js"]
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
nb_execution_mode = "off"  # the lessons have run already: build.py
nb_ipywidgets_js = {}  # nothing is fetched
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3  # so that a page can lead to its own parts
suppress_warnings = [
    "mystnb.unknown_mime_type",
    "misc.highlighting_failure",
]  # the second: a sentence that is no traceback
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
language = "en-GB"
