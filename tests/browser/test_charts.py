from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.chart_pages")]

WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
LIVE = "document.querySelectorAll('.plot-container').length"
Open = Callable[..., Page]


class Visit:
    """A page with charts, and what it requested and complained about."""

    def __init__(self, page: Page, url: str, path: str) -> None:
        self.page, self.requests, self.complaints = page, [], []
        page.add_init_script(WATCH)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url + path)

    def draw(self, *keys: str) -> None:
        """Scroll each figure into view and wait until it is drawn."""
        for key in keys or ("lines", "cloud", "weeks", "cost"):
            box = self.page.locator(f"#fig-{key} .fig-plot")
            box.scroll_into_view_if_needed()
            expect(box).to_have_attribute("data-drawn", "")

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_text_contents()


def drag(page: Page, selector: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag across a chart; positions are shares of its width and height."""
    area = page.locator(f"{selector} .nsewdrag").first.bounding_box()
    at = [(area["x"] + x * area["width"], area["y"] + y * area["height"]) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=5)
    page.mouse.up()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_charts_draw_under_the_product_s_policy_and_send_nothing_away(live_server, open_page: Open, locale):
    visit = Visit(open_page(locale), live_server.url, "/charts/all/")
    visit.draw()
    assert visit.page.evaluate("window.refused") == []
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((live_server.url, "data:", "blob:"))] == []
    buttons = visit.page.locator("#fig-cloud .modebar-btn")
    assert buttons.count() == 6
    words = " ".join(buttons.evaluate_all("all => all.map((one) => one.dataset.title + one.dataset.attr)"))
    assert not re.search("share|cloud|plotly|分享", words, re.IGNORECASE)
    assert visit.page.locator(".modebar a[href]").count() == 0


def test_a_chart_is_drawn_only_when_it_comes_into_view(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/all/")
    visit.page.wait_for_timeout(400)
    assert not [url for url in visit.requests if "vendor/plotly" in url]
    visit.draw("lines")
    assert len([url for url in visit.requests if "vendor/plotly" in url]) == 1
    assert visit.page.evaluate(LIVE) < 4


def test_chinese_dates_and_figures(live_server, open_page: Open):
    visit = Visit(open_page("zh-CN"), live_server.url, "/charts/all/")
    visit.draw("lines")
    months = visit.texts("#fig-lines .xtick text")
    assert months[0].replace("\n", "") == "1月2026年"
    assert all(re.fullmatch(r"\d{1,2}月(\d{4}年)?", month.replace("\n", "")) for month in months)
    assert visit.texts("#fig-lines .ytick text")[-1].endswith("亿")
    area = visit.page.locator("#fig-lines .nsewdrag").bounding_box()
    visit.page.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + area["height"] / 2)
    hover = visit.page.locator("#fig-lines .hoverlayer text")
    expect(hover.first).to_have_text(re.compile(r"^2026-09-\d\d$"))
    expect(hover.nth(1)).to_contain_text("亿")


def test_zooming_brings_finer_ticks_in_the_reader_s_units(live_server, open_page: Open):
    visit = Visit(open_page("zh-CN"), live_server.url, "/charts/all/")
    visit.draw("cloud")
    before = visit.texts("#fig-cloud .xtick text")
    drag(visit.page, "#fig-cloud", (0.4, 0.3), (0.5, 0.7))
    ticks = visit.page.locator("#fig-cloud .xtick text")
    expect(ticks.first).not_to_have_text(before[0])
    after = ticks.all_text_contents()
    assert len(after) >= 4
    assert all(text.endswith("亿") for text in after)
    visit.page.locator("#fig-cloud .modebar-btn").last.click()
    expect(ticks.first).to_have_text(before[0])
    assert ticks.all_text_contents() == before


def test_no_more_than_eight_are_drawn_at_a_time(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/many/")
    for number in range(12):
        visit.draw(f"copy-{number}")
        assert visit.page.evaluate(LIVE) <= 8
    assert visit.page.locator("#fig-copy-0 .main-svg").count() == 0
    visit.page.locator("#fig-copy-0").scroll_into_view_if_needed()
    expect(visit.page.locator("#fig-copy-0 .main-svg").first).to_be_visible()
    assert visit.page.evaluate(LIVE) <= 8
    assert visit.complaints == []


def test_where_eight_are_in_view_the_others_open_their_data(live_server, open_page: Open):
    visit = Visit(open_page(height=6000), live_server.url, "/charts/many/")
    expect(visit.page.locator("#fig-copy-11 .fig-data")).to_have_attribute("open", "")
    expect(visit.page.locator("#fig-copy-11 .fig-failed").first).to_be_visible()
    assert visit.page.evaluate(LIVE) == 8


def test_without_the_library_the_data_is_opened(live_server, open_page: Open):
    page = open_page()
    page.route("**/plotly.min.js", lambda route: route.abort())
    visit = Visit(page, live_server.url, "/charts/all/")
    page.locator("#fig-lines").scroll_into_view_if_needed()
    expect(page.locator("#fig-lines .fig-failed").first).to_be_visible()
    expect(page.locator("#fig-lines .fig-data td").first).to_be_visible()
    expect(page.locator("#fig-lines .fig-plot")).to_be_hidden()
    assert visit.page.evaluate(LIVE) == 0


def stroke(page: Page) -> str:
    return page.locator("#fig-lines .scatterlayer path.js-line").first.evaluate("one => getComputedStyle(one).stroke")


def test_the_theme_changes_a_drawn_chart_and_paper_is_light(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/all/")
    visit.draw("lines")
    light = stroke(visit.page)
    assert light == "rgb(47, 85, 200)"
    visit.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    line = visit.page.locator("#fig-lines .scatterlayer path.js-line").first
    expect(line).to_have_css("stroke", "rgb(127, 162, 255)")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(line).to_have_css("stroke", light)
    assert visit.page.locator("#fig-cost .fig-data").get_attribute("open") is not None
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 700, "height": 900})
    drawing, card = (visit.page.locator(one).first.bounding_box() for one in ("#fig-lines .main-svg", "#fig-lines"))
    assert drawing["x"] + drawing["width"] <= card["x"] + card["width"]
    visit.page.emulate_media(media="screen")
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(line).to_have_css("stroke", "rgb(127, 162, 255)")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_point_opens_its_rows(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/all/")
    visit.draw("cloud")
    point = visit.page.locator("#fig-cloud .scatterlayer path.point").nth(20).bounding_box()
    visit.page.mouse.move(point["x"] + 4, point["y"] + 4)
    expect(visit.page.locator("#fig-cloud .hoverlayer text").first).to_contain_text("Set 21")
    visit.page.mouse.down()
    visit.page.mouse.up()
    visit.page.wait_for_url("**/arrived/")


def test_a_bubble_opens_its_rows_by_keyboard(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/all/")
    link = visit.page.get_by_role("link", name="New-energy platform")
    link.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/arrived/")


def test_an_image_can_be_saved(live_server, open_page: Open):
    visit = Visit(open_page(), live_server.url, "/charts/all/")
    visit.draw("cost")
    visit.page.locator("#fig-cost").hover()
    with visit.page.expect_download() as download:
        visit.page.locator("#fig-cost .modebar-btn").first.click()
    assert download.value.suggested_filename == "cost.png"
    assert visit.page.evaluate("window.refused") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_accessible_legible_and_within_the_page(live_server, open_page: Open, theme, width):
    visit = Visit(open_page(width=width), live_server.url, f"/charts/all/?theme={theme}")
    visit.draw()
    page = visit.page
    for summary in page.locator(".fig-data > summary, .fig-how > summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = page.locator(".chart-svg text").evaluate_all(
        "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert sizes and min(sizes) >= 11
    assert page.locator("#fig-value .fig-drawing > svg:visible").count() == 1


@pytest.mark.parametrize("width", [340, 420, 520, 640, 800, 1280])
def test_labels_stay_inside_their_card(live_server, open_page: Open, width):
    page = Visit(open_page(width=width), live_server.url, "/charts/all/").page
    outside = page.evaluate("""() => [...document.querySelectorAll(".fig")].flatMap((card) => {
        const edge = card.getBoundingClientRect();
        return [...card.querySelectorAll(".fig-drawing .chart-svg text")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.left < edge.left - 0.5 || box.right > edge.right + 0.5);
        }).map((one) => card.id + ": " + one.textContent);
    })""")
    assert outside == []
