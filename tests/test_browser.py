"""The web pages in a real browser: they fit a phone, and numbers keep their order in Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import LOCALES, REPOSITORY, chromium

from polyleaf.build import Selection, build
from polyleaf.project import load_project


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    report = build(
        load_project(REPOSITORY / "pyproject.toml"), Selection(clinics=["lakeside"], formats=["web"]), output=folder
    )
    assert report.failed == ()
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


TEXT_WIDTH = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector('h1'));
  return range.getBoundingClientRect().width;
}"""


def opened(page: Any, file: Path) -> Any:
    """A page whose text has been set, so that what is measured on it means something."""
    page.goto(file.as_uri())
    assert page.evaluate(TEXT_WIDTH) > 0
    return page


pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("locale", ["en", *LOCALES])
def test_nothing_sticks_out_and_nothing_is_complained_of(browser: Any, pages: Path, locale: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    for leaflet in ("microsclerotherapy", "endovenous-laser-treatment", "compression-stockings"):
        opened(page, pages / "lakeside" / locale / f"{leaflet}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_the_language_switcher_leads_to_the_same_leaflet(browser: Any, pages: Path) -> None:
    page = opened(browser.new_page(), pages / "lakeside/en/microsclerotherapy.html")
    page.click("summary")
    page.click('a[hreflang="ar"]:visible')
    assert page.url.endswith("/lakeside/ar/microsclerotherapy.html")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.close()


ORDER = """text => {
  // The horizontal places of the first and the last character of a text that stands somewhere on the page.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(text);
    if (start < 0) continue;
    const place = index => {
      const range = document.createRange();
      range.setStart(node, index); range.setEnd(node, index + 1);
      return range.getBoundingClientRect().left;
    };
    return [place(start), place(start + text.length - 1)];
  }
  return null;
}"""


@pytest.mark.parametrize("text", ["020\u00a07946\u00a00123", "15–\u206020", "10–\u206030"])
def test_phones_and_ranges_run_from_left_to_right_in_arabic(browser: Any, pages: Path, text: str) -> None:
    page = opened(browser.new_page(), pages / "lakeside/ar/microsclerotherapy.html")
    first, last = page.evaluate(ORDER, text)
    assert first < last
    page.close()


def test_a_page_can_be_used_with_the_keyboard(browser: Any, pages: Path) -> None:
    page = opened(browser.new_page(), pages / "lakeside/de/microsclerotherapy.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#text"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.close()


HIDING = """
* { display: none !important; opacity: 0 !important; visibility: hidden !important; color: white !important }
html, body { display: block !important; opacity: 1 !important; visibility: visible !important }
body > div, .not-for-patients { position: absolute !important; left: -9999px !important; height: 0 !important }
html::after, body::after {
  display: block !important; content: "" !important; position: fixed !important; inset: 0 !important;
  z-index: 2147483647 !important; background: white !important; visibility: visible !important; opacity: 1 !important
}
#cover {
  display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;
  background: white !important; visibility: visible !important; opacity: 1 !important
}
"""


def amber(page: Any) -> float:
    """How much of the strip at the top of the window has the ground of the mark."""
    from io import BytesIO

    from PIL import Image

    shot = Image.open(BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": 600, "height": 30}))).convert("RGB")
    data = shot.tobytes()
    pixels = list(zip(data[::3], data[1::3], data[2::3], strict=True))
    return sum(pixel == (0xFF, 0xED, 0xB8) for pixel in pixels) / len(pixels)


@pytest.mark.parametrize("style", ["", HIDING], ids=["the default theme", "a theme that hides all it can"])
def test_the_mark_of_a_draft_is_on_top_of_the_page(browser: Any, pages: Path, tmp_path: Path, style: str) -> None:
    html = (pages / "lakeside/en/microsclerotherapy.html").read_text(encoding="utf-8")
    at = html.index('<div class="not-for-patients" aria-hidden')
    covered = f'{html[:at]}<div id="cover"></div><script>document.body.textContent = ""</script>{html[at:]}'
    file = tmp_path / "page.html"
    file.write_text(covered.replace("</head>", f"<style>{style}</style></head>") if style else html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 600, "height": 500})
    page.goto(file.as_uri())
    assert amber(page) > 0.7
    page.evaluate("scrollTo(0, 2000)")
    assert amber(page) > 0.7
    assert page.title().startswith("Draft, not yet approved by a clinician · ")
    page.close()
