"""On Binder, work that is in no file for some minutes is remembered at the foot of the window,
until it is saved.
"""

import shutil
from datetime import timedelta

from barriers import quiet, violations

from helpers.show import widget


def test_unsaved_work_is_remembered_until_it_is_saved(plain, monkeypatch):
    monkeypatch.setenv("BINDER_SERVICE_HOST", "x")
    monkeypatch.setattr(widget, "REMIND_AFTER", timedelta(seconds=1))
    shutil.rmtree(plain.folder / "my-work", ignore_errors=True)
    plain.write(
        "reminder.ipynb",
        "from helpers import ask, my_work\nask('00-first-thought', 'What is a union for?')",
        "my_work()",
    )
    page = plain.open("reminder.ipynb")
    reminder = page.get_by_text("Your latest work is in no file yet")
    page.get_by_text("This is Binder").wait_for()
    page.get_by_role("textbox", name="What is a union for?").fill("To stand together.")
    page.keyboard.press("Tab")
    reminder.wait_for()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        plain.theme(theme)
        assert violations(page, ".u-reminder") == []
    page.get_by_role("button", name="Remind me later").focus()
    page.keyboard.press("Enter")
    reminder.wait_for(state="detached")
    page.get_by_role("textbox", name="What is a union for?").fill("To stand together, all of us.")
    page.keyboard.press("Tab")
    reminder.wait_for()
    with page.expect_download():
        page.get_by_role("button", name="Save my work to a file").click()
    reminder.wait_for(state="detached")
    page.wait_for_timeout(1500)
    assert reminder.count() == 0
    quiet(plain)
