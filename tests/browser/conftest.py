"""A whole archive behind a real server and a real browser. Readers work when a test says so, never by the clock."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from archive_service.actions import accounts, granting
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from archive_service.worker import drain
from storage.database.organisations import village_named
from tests.conftest import BROWSER, NOON

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "a long password"
PEOPLE = {
    "keeper": (Role.ARCHIVIST, None, ("personal", "party")),
    "clerk": (Role.CLERK, "石门槛村", ()),
    "neighbour": (Role.CLERK, "青石坳村", ()),
    "villager": (Role.VILLAGER, "石门槛村", ()),
    "master": (Role.ADMINISTRATOR, None, ()),
}
SAMPLES = Path(__file__).parents[1] / "samples" / "county"
MINUTES = SAMPLES / "青石坳村" / "会议记录" / "20231118村民代表会.docx"
RULES = SAMPLES / "石门槛村" / "文件" / "村规民约98年的（打字稿）.txt"


@dataclass
class Site:
    """The server, and the archive behind it."""

    archive: Archive
    address: str
    first_password: str

    def work(self) -> None:
        """Read, index and seal everything that waits."""
        drain(self.archive)


@dataclass
class Visit:
    """A browser of its own, and what went wrong in it."""

    site: Site
    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.site.address + path)
        return self.page

    def status(self, path: str) -> int:
        """Go to a page of the site; the status of the answer."""
        answer = self.page.goto(self.site.address + path)
        return answer.status if answer else 0

    def log_in(self, login: str, password: str = PASSWORD) -> Page:
        """Through the door."""
        self.open("/login")
        self.page.fill("main [name=login]", login)
        self.page.fill("main [name=password]", password)
        self.page.click("main button")
        return self.page

    def press(self, key: str) -> None:
        """A key on the page as it is when its scripts have run: before that nothing listens."""
        self.page.wait_for_load_state("load")
        self.page.keyboard.press(key)

    def note(self, request: Request) -> None:
        """Everything must come from this host."""
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.faults.append(f"another host: {request.url}")


def _build(folder: Path) -> tuple[Archive, str]:
    folder.mkdir(exist_ok=True)
    settings = Settings(data=folder / "data", password_memory_kib=64, readers=1, ocr=False)
    archive = build(settings, lambda: NOON)
    first = set_up(archive).first_password or ""
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇")
        add_village(session, OPERATOR, NOON, "青石坳村", "V013", "望溪镇")
        for login, (role, village, clearances) in PEOPLE.items():
            home = village_named(session, village).id if village else None
            hasher = archive.hasher
            accounts.add_account(
                session, OPERATOR, hasher, NOON, login, login, role, home, clearances, password=PASSWORD
            )
        for role in (Role.SECURITY, Role.AUDITOR, Role.ARCHIVIST):
            granting.give(session, OPERATOR, NOON, "master", role)
    return archive, first


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """A server over a fresh archive in this folder."""
    archive, first = _build(folder)
    # Named by its protocol: only then does the event loop send small answers at once, and not after 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(archive), log_level="error", lifespan="on"))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        yield Site(archive, f"http://127.0.0.1:{listener.getsockname()[1]}", first)
        server.should_exit = True
        thread.join()
    archive.sessions.engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("archive")) as served:
        yield served


def fits(page: Page) -> None:
    """The page that stands there now needs no more width than a phone has."""
    page.wait_for_load_state("load")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield browser
        browser.close()


def visit_with(site: Site, context: BrowserContext) -> Visit:
    """A page in this context that writes down every error."""
    visit = Visit(site, context.new_page())
    visit.page.set_default_timeout(10_000)
    visit.page.on("console", lambda said: visit.faults.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.faults.append(str(error)))
    visit.page.on("request", visit.note)
    return visit


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield visit_with(site, context)
    context.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Minutes, the same minutes again, village rules, and a file that Windows makes: four files."""
    made = tmp_path / "新建文件夹(2)"
    made.mkdir()
    shutil.copy(MINUTES, made / "村民代表会.docx")
    shutil.copy(MINUTES, made / "村民代表会 - 副本.docx")
    shutil.copy(RULES, made / "村规民约.txt")
    (made / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0 pictures")
    return made
