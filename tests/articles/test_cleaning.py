import pytest

from indexer.articles.cleaning import declared_text, extract_html
from indexer.articles.main_text import NOT_MAIN_TEXT


def lines(html: str) -> list[str]:
    return [block.text for block in extract_html(html).blocks]


def shapes(html: str) -> list[tuple[str, str, int]]:
    return [(block.text, block.shape, block.level) for block in extract_html(html).blocks]


def test_elements_become_blocks() -> None:
    html = "<h1>Gout</h1><p>It <b>hurts</b>\n a lot.</p><h3>Signs</h3><ul><li>red<li><p>hot</p></ul><div>End<br>of it"
    assert shapes(html) == [
        ("Gout", "heading", 1),
        ("It hurts a lot.", "paragraph", 0),
        ("Signs", "heading", 3),
        ("red", "item", 0),
        ("hot", "item", 0),
        ("End", "paragraph", 0),
        ("of it", "paragraph", 0),
    ]


def test_bold_lines_are_headings() -> None:
    assert shapes("<p><strong>Causes</strong></p><p><b>Signs</b><br>Red.</p>") == [
        ("Causes", "heading", 7),
        ("Signs", "heading", 7),
        ("Red.", "paragraph", 0),
    ]


def test_a_bold_beginning_is_kept_in_mind() -> None:
    (block,) = extract_html("<p><b>Tests.</b> Blood and urine.</p>").blocks
    assert block.text[: block.bold] == "Tests."


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav>Menu</nav>",
        "<footer>Menu</footer>",
        "<aside>Menu</aside>",
        '<div class="site-nav">Menu</div>',
        '<div id="cookie">Menu</div>',
        '<div role="navigation">Menu</div>',
        '<div class="side">Menu</div>',
        "<header><a href=/>Menu</a></header>",
        "<form><p>Menu</p></form>",
    ],
)
def test_page_chrome_is_dropped_and_listed(chrome: str) -> None:
    page = extract_html(f"<body>{chrome}<p>Gout hurts.</p>")
    assert [block.text for block in page.blocks] == ["Gout hurts."]
    assert [(dropped.text, dropped.reason) for dropped in page.dropped] == [("Menu", NOT_MAIN_TEXT)]


def test_a_form_around_the_whole_page_is_no_page_chrome() -> None:
    assert lines("<form id=page><input name=q><h1>Gout</h1><p>It hurts.</p></form>") == ["Gout", "It hurts."]


def test_nothing_is_lost_behind_the_end_of_a_page() -> None:
    page = "<html><body><p>It hurts.</p></body></html>"
    assert lines(page + page) == ["It hurts.", "It hurts."]


@pytest.mark.parametrize("name", ["side-effects", "text-shadow", "header-note", "addison"])
def test_classes_that_only_look_like_page_chrome_stay(name: str) -> None:
    assert lines(f'<div class="{name}">Gout hurts.</div>') == ["Gout hurts."]


def test_what_nobody_sees_is_no_text() -> None:
    assert lines(
        "<script>var a='<p>x</p>'</script><style>p{}</style><!-- c --><p>Gout<svg>x</svg></p><button>OK</button>"
    ) == ["Gout"]


def test_tables_of_facts_and_tables_of_pages() -> None:
    assert lines("<table><tr><th>Test<th>Shows<tr><td>X-ray<td>bone<td>joint</table>") == [
        "Test: Shows",
        "X-ray: bone; joint",
    ]
    assert lines("<table><tr><td><p>One.</p><p>Two.</p><td>Three<br>four</table>") == ["One.", "Two.", "Three", "four"]


def test_definitions() -> None:
    assert lines("<dl><dt>ICD-10</dt><dd>M10.9</dd><dt>Age</dt><dd>40</dd><dd>up</dd></dl>") == [
        "ICD-10: M10.9",
        "Age: 40; up",
    ]


def test_what_the_head_says() -> None:
    page = extract_html(
        '<html lang="en-US"><head><title> Gout \n- Desk</title><meta name="ICD10" content=" M10.9 ">'
        '<meta name="viewport" content="x"></head>'
    )
    assert page.metadata == {"page title": "Gout - Desk", "language": "en-US", "icd10": "M10.9"}


def test_unclosed_page_chrome_does_not_swallow_the_page() -> None:
    assert lines("<script>a</script><!-- b <p>Gout hurts.</p>")[-1:] != ["a"]
    assert lines("<p>Gout hurts.</p><svg><p>More.</p>")[0] == "Gout hurts."


def test_declared_text() -> None:
    assert declared_text('<meta charset="latin1">é'.encode("latin1")) == '<meta charset="latin1">é'
    assert declared_text(b'<meta charset="no-such-thing">\xe9') is None
    assert declared_text(b"<p>\xe9") is None


def test_an_inline_element_does_not_end_a_word_in_a_cell() -> None:
    assert lines("<table><tr><td>Lungs<td>FEV<sub>1</sub>/FVC</table><dl><dt>Daily<dd><b>allo</b>purinol</dl>") == [
        "Lungs: FEV1/FVC",
        "Daily: allopurinol",
    ]


def test_superscript_references_go_and_exponents_stay() -> None:
    html = (
        "It itches<sup>3,4</sup> a lot.<sup><a href=#r5>5</a></sup> A count of 10<sup>9</sup>/L, 20 kg/m<sup>2</sup>."
    )
    assert lines(f"<p>{html}</p>") == ["It itches a lot. A count of 10^9/L, 20 kg/m²."]


def test_ligatures_written_as_entities_are_spelled_out() -> None:
    assert lines("<p>neuro&#xFB01;broma and su&#64259;cient</p>") == ["neurofibroma and sufficient"]


def test_entities_that_have_no_width_are_gone() -> None:
    assert lines("<p>inflam&shy;mation, immuno&#8203;globulin</p>") == ["inflammation, immunoglobulin"]


def test_a_button_in_a_heading_is_its_text() -> None:
    assert shapes("<h3 class=q><button><div>Is it catching?</button></h3><button>Save</button><p>No.</p>") == [
        ("Is it catching?", "heading", 3),
        ("No.", "paragraph", 0),
    ]
