import pytest

from indexer.articles.cleaning import extract_html
from indexer.articles.reader import parse_article

OPENING = (
    "Trigger finger is a tendon of the palm that catches in its sheath, so that the finger snaps when it straightens.",
    "It is common after the age of forty, more so in women, and in people who have had diabetes for many years.",
)
PANELS = (
    ("Causes", "The sheath thickens for reasons that nobody knows, and gripping tools all day makes it worse."),
    ("Symptoms", "The finger locks in the palm every morning, and it jumps open with a painful click."),
    ("How is it diagnosed?", "The doctor feels for the knot in the tendon, and needs neither blood nor pictures."),
    ("Treatment", "A splint at night or one injection of a steroid helps, and a small cut frees the tendon."),
)
MENU = (
    "<button aria-expanded=false aria-controls=top>Our clinics</button>"
    "<ul id=top hidden><li><a href=/north>North</a></li><li><a href=/south>South</a></li></ul>"
)
COLLAPSED = 'style="display:none"'


def page(body: str) -> str:
    opening = "".join(f"<p>{paragraph}</p>" for paragraph in OPENING)
    return f"<body>{MENU}<main><h1>Trigger finger</h1>{opening}{body}</main></body>"


def listed(panel: str) -> str:
    """A panel for each part of the article; $L is its label, $P its paragraph, $N its number."""
    return "".join(
        panel.replace("$N", str(number)).replace("$L", label).replace("$P", f"<p>{text}</p>")
        for number, (label, text) in enumerate(PANELS)
    )


@pytest.mark.parametrize(
    "body",
    [
        listed("<button aria-controls=p$N aria-expanded=false>$L</button><div id=p$N hidden>$P</div>"),
        listed(
            "<div><div><button data-bs-toggle=collapse data-bs-target=#p$N>$L</button></div><div id=p$N>$P</div></div>"
        ),
        listed(f"<button class=accordion>$L</button><div class=panel {COLLAPSED}>$P</div>"),
        listed(
            "<div role=button aria-expanded=false aria-controls=p$N><p>$L</p></div>"
            '<div style="visibility:hidden"><div id=p$N>$P</div></div>'
        ),
        listed(f"<span role=button aria-expanded=false><i aria-hidden=true>+</i> $L</span><div {COLLAPSED}>$P</div>"),
        listed("<div>$L<button aria-expanded=false aria-controls=p$N></button></div><div id=p$N hidden>$P</div>"),
        listed(f"<li><div class=q><span>$L</span></div><div class=a {COLLAPSED}>$P</div></li>"),
        listed("<input type=checkbox id=c$N><label for=c$N>$L</label><div hidden>$P</div>"),
        listed("<details><summary><span>$L</span></summary>$P</details>"),
        listed("<dl><div><dt><button aria-controls=p$N>$L</button></dt><dd id=p$N hidden>$P</dd></div></dl>"),
        listed("<h3><button aria-controls=p$N><span>$L</span></button></h3><div id=p$N hidden>$P</div>"),
        listed("<h4><a data-toggle=collapse href=#p$N>$L</a></h4><div id=p$N class=collapse>$P</div>"),
        "<div role=tablist>"
        + listed("<button role=tab aria-controls=p$N>$L</button>")
        + "</div>"
        + listed("<div role=tabpanel id=p$N hidden>$P</div>"),
        "<ul>"
        + listed("<li><a role=tab id=t$N href=#>$L</a></li>")
        + "</ul>"
        + listed("<section aria-labelledby=t$N hidden>$P</section>"),
        "<ul>" + listed("<li><a data-toggle=tab href=#p$N>$L</a></li>") + "</ul>" + listed("<div id=p$N>$P</div>"),
    ],
)
def test_the_label_of_a_panel_is_its_heading(body: str) -> None:
    sections = parse_article("an-id", page(body), kind="html").sections
    assert [(section.kind, section.heading, section.text) for section in sections] == [
        ("overview", None, "\n".join(OPENING)),
        *(
            (kind, label, text)
            for kind, (label, text) in zip(("causes", "symptoms", "diagnosis", "treatment"), PANELS, strict=True)
        ),
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"<div {COLLAPSED}>An older draft of the page said that it was the bone, and not the tendon.</div>",
        "<button aria-haspopup=dialog aria-controls=d>Book</button><div id=d role=dialog hidden>Leave a number.</div>",
        "<button aria-expanded=false>Search</button><form hidden><input name=q> What do you look for?</form>",
        "<button>Save</button>",
        "<label for=n>Your name</label><input id=n type=text>",
        MENU.replace("top", "bottom"),
    ],
)
def test_other_buttons_and_hidden_elements_are_no_text(body: str) -> None:
    (section,) = parse_article("an-id", page(body), kind="html").sections
    assert section.text == "\n".join(OPENING)


def test_a_panel_behind_a_button_that_says_only_show_more_goes_on_with_the_text() -> None:
    more = f"<button aria-controls=p aria-expanded=false>Show more</button><div id=p hidden><p>{PANELS[1][1]}</p></div>"
    assert [block.text for block in extract_html(page(more)).blocks] == ["Trigger finger", *OPENING, PANELS[1][1]]


def test_the_transcript_of_a_video_takes_only_its_panel_along() -> None:
    video = "<button aria-controls=v>Video transcript</button><div id=v>Hello, today we speak about fingers.</div>"
    assert [block.text for block in extract_html(page(f"{video}<p>{PANELS[3][1]}</p>")).blocks] == [
        "Trigger finger",
        *OPENING,
        PANELS[3][1],
    ]


def test_the_label_of_a_tab_stands_above_the_headings_in_its_panel() -> None:
    body = "<a role=tab aria-controls=p>Symptoms</a><div id=p><h3>Early on</h3><p>It is stiff at breakfast.</p></div>"
    section = parse_article("an-id", page(body), kind="html").sections[-1]
    assert (section.kind, section.heading) == ("symptoms", "Early on")
