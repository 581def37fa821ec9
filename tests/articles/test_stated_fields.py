import pytest

from indexer.articles.model import RawArticle
from indexer.articles.reader import read_article
from indexer.articles.stated_fields import FLAG, MAX_URL, stated_fields

TEXT = "Gout\n\nGout is a painful form of arthritis.\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/gout",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG/",
        "https://example.org:8443/a?b=c&d=%20e#f",
        "https://bücher.example/straße",
        "https://xn--bcher-kva.example/",
        "https://my_host/",
        "https://[2001:db8::1]:80/a",
        "http://192.0.2.1/",
        "https://example.org/gout_(disease)",
        "https://example.org/a;b,c!d*e'f[g]",
        " https://example.org/ ",
    ],
)
def test_an_address_of_the_web_stays(url: str) -> None:
    stated = stated_fields(RawArticle("a", "", "text", TEXT, url=url), {})
    assert (stated.url, stated.issues) == (url.strip(), ())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:a@b.example",
        "example.org/gout",
        "//evil.example/",
        "/gout",
        "https:javascript:alert(1)",
        "https:///x",
        "https://",
        "http://:80/",
        "https://user:pw@evil.example/",
        "https://user@evil.example/",
        "https://ok.example\\@evil.example/",
        "https://a b/",
        "https://a..b/",
        "https://-a.example/",
        f"https://{'a' * 64}.example/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "http://[::1",
        'https://ok.example/"onmouseover="alert(1)',
        "https://ok.example/<script>",
        "https://ok.example/\r\nX-Injected: 1",
        "https://ok.example/\x00",
        "https://ok.example/\x1b[31m",
        "http://\u202eelpmaxe.live/",
        f"https://example.org/{'a' * MAX_URL}",
    ],
)
def test_any_other_address_is_left_out_and_named(url: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, url=url))
    assert article.url is None
    assert article.title == "Gout"
    (issue,) = (issue for issue in article.issues if issue.flag == FLAG)
    assert "stated as url" in issue.message
    assert issue.message.isprintable()
    assert len(issue.message) < 200


@pytest.mark.parametrize(
    ("given", "stated"),
    [("en", "en"), ("de-CH-1996", "de-CH-1996"), ("en_US", "en-US"), ("x-own", "x-own"), ("", None)],
)
def test_a_language_stays(given: str, stated: str | None) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, language=given))
    assert article.language == stated
    assert not any(issue.flag == FLAG for issue in article.issues)


@pytest.mark.parametrize(
    "given",
    ["english please", "e", '" onmouseover="x', "en-", "-", "en-toolongasubtag", "en\n", "\u202een", "a" * 40, "x"],
)
def test_what_is_no_language_is_left_out(given: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, language=f"{given}!" if given == "en\n" else given))
    assert article.language is None
    assert [issue.flag for issue in article.issues if issue.flag == FLAG] == [FLAG]


@pytest.mark.parametrize(
    ("given", "stated"),
    [("2024-03-01", "2024-03-01"), ("2024-03", "2024-03"), ("March 2024", "2024-03"), ("03/2024", "2024-03")],
)
def test_a_date_stays(given: str, stated: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, reviewed=given))
    assert article.reviewed == stated
    assert not any(issue.flag == FLAG for issue in article.issues)


@pytest.mark.parametrize("given", ["soon", "2024-13-01", "2023-02-29", "<script>", "99999", "\x1b[31m", "1 " * 500])
def test_what_is_no_date_is_left_out(given: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, reviewed=given))
    assert article.reviewed is None
    assert "stated as reviewed" in next(issue.message for issue in article.issues if issue.flag == FLAG)


def test_a_date_of_the_text_stands_in_for_one_that_is_none() -> None:
    article = read_article(RawArticle("a", "", "text", f"{TEXT}\nLast reviewed: May 2025\n", reviewed="soon"))
    assert article.reviewed == "2025-05"


@pytest.mark.parametrize("given", ["M10.9", "m109", "M80-M82", "M10.9, M10.0", "ICD-10: M10.9", "487.1", "1E32", "M10"])
def test_a_code_stays(given: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, code=given))
    assert article.code
    assert not any(issue.flag == FLAG for issue in article.issues)


@pytest.mark.parametrize(
    "given", ["<script>alert(1)</script>", "unknown", "-", "{{7*7}}", "M10\u202e.9", "\x1b[31m", "M10.9 " * 100]
)
def test_what_is_no_code_is_left_out(given: str) -> None:
    article = read_article(RawArticle("a", "", "text", TEXT, code=given))
    assert article.code is None
    assert "stated as code" in next(issue.message for issue in article.issues if issue.flag == FLAG)
