#!/usr/bin/python3
"""Reads the real desktop from outside, as a screen reader does: over AT-SPI, in a session of its own. Run by screen_reader.sh.

For every page (as Admin and as Viewer) and the main dialogs it prints how much there is to hear, and what would stay silent: a
control without a name, a disabled control without its reason, a table whose cells say nothing. Exit code 1 where there is any.
"""
import sys
import time

import gi
import pyatspi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi

PATIENCE = 30  # seconds; the machine may be busy
CONTROLS = {
    pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_TOGGLE_BUTTON, pyatspi.ROLE_CHECK_BOX, pyatspi.ROLE_RADIO_BUTTON,
    pyatspi.ROLE_COMBO_BOX, pyatspi.ROLE_TEXT, pyatspi.ROLE_ENTRY, pyatspi.ROLE_PASSWORD_TEXT, pyatspi.ROLE_SPIN_BUTTON,
    pyatspi.ROLE_SLIDER, pyatspi.ROLE_LIST, pyatspi.ROLE_LIST_ITEM, pyatspi.ROLE_PAGE_TAB, pyatspi.ROLE_LINK,
    pyatspi.ROLE_TABLE, pyatspi.ROLE_TREE, pyatspi.ROLE_TREE_TABLE, pyatspi.ROLE_MENU_ITEM, pyatspi.ROLE_TABLE_COLUMN_HEADER,
}
TABLES = {pyatspi.ROLE_TABLE, pyatspi.ROLE_TREE, pyatspi.ROLE_TREE_TABLE}
# What Qt itself puts into scroll areas, tool bars and spin boxes and keeps away from the focus.
PARTS_OF = {pyatspi.ROLE_SCROLL_BAR, pyatspi.ROLE_SPIN_BUTTON}
PAGES = ("Endpoints", "Outputs", "Sources", "Access/Scopes", "Access/Clients", "Access/Members", "Access/Keys",
         "Access/Audit log", "CORS", "Monitor", "Activity")
# Page, menu, item; then the button of that dialog which opens the one that is meant.
DIALOGS = (
    ("Endpoints", "Endpoints", "New endpoint", None), ("Endpoints", "Endpoints", "Change access", None),
    ("Endpoints", "Endpoints", "Delete", None),
    ("Access/Scopes", "Access", "New scope", None), ("Endpoints", "Workspace", "Add connection", None),
    ("Endpoints", "Workspace", "Add connection", "Client certificate…"),
    ("Endpoints", "Workspace", "Network settings", None), ("Endpoints", "Workspace", "API description", None),
    ("Endpoints", "Help", "Help", None), ("Endpoints", "Help", "Keyboard shortcuts", None),
    ("Endpoints", "Help", "About IoTMan Desktop", None), ("Monitor", "Monitor", "Alarms", None),
)


def wait(what, sought):
    """What `sought` finds, as soon as it does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = sought()
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"{what} did not come")


def has(item, state):
    return item.getState().contains(state)


def descendants(item, all_of_it=False):
    """What is showing below `item`; `all_of_it`: also what is not, as menus that are closed."""
    for child in item:
        if child is None or not (all_of_it or has(child, pyatspi.STATE_SHOWING)):
            continue
        yield child
        if child.getRole() not in TABLES:
            yield from descendants(child, all_of_it)


def press(item):
    action = item.queryAction()
    names = [action.getName(i) for i in range(action.nActions)]
    action.doAction(next(i for i, name in enumerate(names) if name in ("Press", "ShowMenu", "Toggle")))


class Desktop:
    def __init__(self):
        registry = pyatspi.Registry.getDesktop(0)
        self.program = wait("the desktop", lambda: next((a for a in registry if a and a.name == "iotman-desktop"), None))
        self.program.set_cache_mask(Atspi.Cache.NONE)  # nothing here hears of changes: each look is a new one
        self.window = wait("its window", lambda: next((w for w in self.program if "IoTMan" in w.name), None))
        wait("its workspace", lambda: any("Demo weather" in b.name for b in self.of_role(pyatspi.ROLE_PUSH_BUTTON)))

    def of_role(self, role, place=None):
        return [item for item in descendants(place or self.window) if item.getRole() == role]

    def menu_item(self, menu, name):
        bar = self.of_role(pyatspi.ROLE_MENU_BAR)[0]
        top = next((item for item in bar if item.name == menu), None)
        return top and next((item for item in descendants(top, True) if item.name.rstrip("…") == name), None)

    def choose(self, menu, name):
        press(wait(f"{menu} > {name}", lambda: self.menu_item(menu, name)))

    def view_as(self, role):
        item = wait("the roles", lambda: self.menu_item("Workspace", f"View as {role}"))
        if not has(item, pyatspi.STATE_CHECKED):
            press(item)
        wait(f"the role {role}", lambda: has(self.menu_item("Workspace", f"View as {role}"), pyatspi.STATE_CHECKED))

    def show_page(self, place):
        name, _, tab = place.partition("/")
        self.choose("View", name)
        wait(f"the page {name}", lambda: any(has(item, pyatspi.STATE_SELECTED) and item.name.startswith(name)
                                             for item in self.of_role(pyatspi.ROLE_LIST_ITEM)))
        if tab:
            press(wait(f"the tab {tab}", lambda: next(
                (item for item in self.of_role(pyatspi.ROLE_PAGE_TAB) if item.name.split(",")[0] == tab), None)))
        time.sleep(0.5)

    def dialog(self, but=()):
        return next((w for w in self.program
                     if w and w != self.window and w not in but and has(w, pyatspi.STATE_SHOWING) and w.childCount), None)

    def close(self, dialog):
        for text in ("Cancel", "Close"):
            button = next((b for b in self.of_role(pyatspi.ROLE_PUSH_BUTTON, dialog) if b.name == text), None)
            if button:
                press(button)
                break
        else:
            pyatspi.Registry.generateKeyboardEvent(9, None, pyatspi.KEY_PRESSRELEASE)  # Esc
        wait("the end of a dialog", lambda: dialog not in list(self.program) or not has(dialog, pyatspi.STATE_SHOWING))


def is_labelled(item):
    return any(relation.getRelationType() == pyatspi.RELATION_LABELLED_BY for relation in item.getRelationSet())


def reason(item):
    """Why it is disabled: its own words, or those of what it lies in."""
    while item is not None and item.getRole() != pyatspi.ROLE_APPLICATION and not has(item, pyatspi.STATE_ENABLED):
        if item.description and item.description != item.name:
            return item.description
        item = item.parent
    return ""


def read(place, name):
    """Prints what there is to hear and what stays silent; returns how much that is."""
    silent, controls, cells, reasons = [], 0, 0, 0
    for item in descendants(place):
        role = item.getRole()
        if role not in CONTROLS or item.parent.getRole() in PARTS_OF:
            continue
        controls += 1
        words = f"{item.getRoleName()} “{item.name}”"
        if not item.name and not is_labelled(item):
            silent.append(f"{item.getRoleName()} in {item.parent.getRoleName()} “{item.parent.name}” has no name")
        if not has(item, pyatspi.STATE_ENABLED) and role not in TABLES and role != pyatspi.ROLE_MENU_ITEM:
            reasons += 1
            if not reason(item):
                silent.append(f"{words} is disabled and does not say why")
        if role in TABLES:
            found, wrong = read_table(item)
            cells += found
            silent += [f"{words}: {what}" for what in wrong]
    print(f"{name:42} {controls:4} controls, {cells:4} cells, {reasons:3} disabled with their reason"
          f"{f', {len(silent)} silent' if silent else ''}", flush=True)
    for what in silent:
        print(f"  SILENT {what}", flush=True)
    return len(silent)


def read_table(item):
    table = item.queryTable()
    wrong = [f"column {column + 1} has no header" for column in range(table.nColumns) if not table.getColumnDescription(column)]
    cells = 0
    for row in range(min(table.nRows, 20)):
        texts = [table.getAccessibleAt(row, column).name for column in range(table.nColumns)]
        cells += len(texts)
        if not any(texts):
            wrong.append(f"row {row + 1} says nothing")
    return cells, wrong


def main():
    desktop = Desktop()
    silent = 0
    for role in ("Admin", "Viewer"):
        desktop.view_as(role)
        for page in PAGES:
            desktop.show_page(page)
            silent += read(desktop.window, f"{page} as {role}")
    desktop.view_as("Admin")
    for page, menu, item, further in DIALOGS:
        desktop.show_page(page)
        desktop.choose(menu, item)
        dialog = wait(f"the dialog of {item}", desktop.dialog)
        opened = [dialog]
        if further:
            press(next(b for b in desktop.of_role(pyatspi.ROLE_PUSH_BUTTON, dialog) if b.name == further))
            opened.append(wait(f"the dialog of {further}", lambda: desktop.dialog(opened)))
        silent += read(opened[-1], f"dialog: {opened[-1].name}")
        for each in reversed(opened):
            desktop.close(each)
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
