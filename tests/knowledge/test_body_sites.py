import tomllib
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.knowledge import body_sites, icd10
from indexer.knowledge.body_sites import BodyLocation, Side
from indexer.knowledge.name_keys import name_terms

ids = st.sampled_from(sorted(body_sites.tree()))


def test_the_tree_is_a_tree() -> None:
    seen: set[str | None] = {None}
    for site in body_sites.tree().values():
        assert site.parent in seen, f"{site.id} comes before its parent"
        seen.add(site.id)
    assert len(body_sites.tree()) >= 120
    assert max(Counter(site.label for site in body_sites.tree().values()).values()) == 1


def test_every_name_leads_to_its_site() -> None:
    for site in body_sites.tree().values():
        for name in site.names:
            assert site.id in body_sites.locate(name).sites, name
        for name in site.conditions:
            assert {site.id} & {*body_sites.locate(name).sites, *body_sites.locate(name).implied}, name


def test_code_sites_has_sites_and_codes_that_exist() -> None:
    tables = tomllib.loads(files("indexer.knowledge").joinpath("code_sites.toml").read_text(encoding="utf-8"))
    known = [code for code in icd10.codes() if len(code) <= 5]
    for table, entries in tables.items():
        for span, named in entries.items():
            first, last = span.partition("-")[0], span.rpartition("-")[2]
            assert any(first <= code <= last for code in known), span
            for id in (*named, *named.values()) if table == "instead" else named:
                assert id in body_sites.tree(), span


def test_children_and_labels() -> None:
    assert body_sites.label("upper-limb") == "Upper limb"
    assert "hand" in body_sites.children("upper-limb")
    assert "head-and-neck" in body_sites.children(None)
    assert body_sites.parent("thumb") == "hand"
    assert body_sites.ancestors("thumb") == ("hand", "upper-limb")


def test_an_unknown_site_stands_for_itself() -> None:
    assert body_sites.label("gills") == "gills"
    assert body_sites.parent("gills") is None
    assert body_sites.children("gills") == ()
    assert body_sites.closure(("gills",)) == ("gills",)


def test_closure() -> None:
    assert body_sites.closure(("tibia", "fibula")) == ("tibia", "lower-leg", "lower-limb", "fibula")


@given(st.lists(ids, max_size=5))
def test_a_closure_is_closed_and_repeats_nothing(named: list[str]) -> None:
    closed = body_sites.closure(named)
    assert sorted(set(closed)) == sorted(closed)
    assert set(body_sites.closure(closed)) == set(closed) >= set(named)


@pytest.mark.parametrize(
    ("name", "sites", "side"),
    [
        ("Chronic multifocal osteomyelitis, right hand", ("hand",), "right"),
        ("Pain in left ankle and joints of left foot", ("ankle-and-foot",), "left"),
        ("Fracture of unspecified part of neck of left femur", ("femur",), "left"),
        ("Burn of second degree of back of right hand", ("hand",), "right"),
        ("Malignant melanoma of right lower limb, including hip", ("lower-limb",), "right"),
        ("Enthesopathies of left lower limb, excluding foot", ("lower-limb",), "left"),
        ("Bilateral primary osteoarthritis of knee", ("knee",), "bilateral"),
        ("Gout of both feet", ("foot",), "bilateral"),
        ("Gout of the right and left hands", ("hand",), "bilateral"),
        ("Unilateral primary osteoarthritis, unspecified hip", ("hip",), None),
        ("Recurrent dislocation of patella, right knee", ("knee", "patella"), "right"),
        ("Spondylolysis, lumbosacral region", ("lumbar-spine", "sacrum"), None),
        ("Renal and hepatic failure", ("kidney", "liver"), None),
        ("Shin pain", ("lower-leg",), None),
        ("Left ventricular failure", ("heart",), None),
        ("Right-sided heart failure", ("heart",), None),
        (
            "Acute myocardial infarction of left anterior descending coronary artery",
            ("coronary-arteries", "heart"),
            None,
        ),
        ("Gout left untreated", (), None),
        ("Call right away", (), None),
        ("Gout in right-handed people", (), None),
        ("Both types of gout", (), None),
        ("Left-sided sciatica", (), "left"),
    ],
)
def test_locate(name: str, sites: tuple[str, ...], side: Side | None) -> None:
    location = body_sites.locate(name)
    assert (set(location.sites), location.side) == (set(sites), side)


def test_the_site_named_last_comes_first() -> None:
    assert body_sites.locate("Recurrent dislocation of patella, right knee").sites == ("knee", "patella")


def test_a_disease_only_implies_its_site() -> None:
    assert body_sites.locate("Hepatitis") == BodyLocation((), None, ("liver",))


@pytest.mark.parametrize(
    ("code", "title", "sites"),
    [
        ("J45.909", "Asthma", ("bronchi",)),
        ("I21.4", "NSTEMI", ("coronary-arteries",)),
        ("F32.9", "Low mood", ("mind",)),
        ("E10.9", "Type 1 diabetes", ("pancreas", "hormones-and-metabolism")),
        ("L03.011", "Cellulitis of right finger", ("finger", "skin")),
        ("C44.311", "Basal cell carcinoma of skin of nose", ("nose", "skin")),
        ("N87.9", "Cervical dysplasia", ("cervix",)),
        ("O34.31", "Cervical trouble in pregnancy", ("cervix", "pregnancy")),
        ("M47.812", "Spondylosis, cervical region", ("cervical-spine",)),
        ("S27.1", "Thoracic injury", ("chest",)),
        ("K75.0", "Abscess", ("liver",)),
        ("J04.10", "Something caught", ("trachea",)),
        ("J04.2", "Something caught", ("larynx", "trachea")),
        ("J04.0", "Something caught", ("larynx",)),
        ("J90", "Pleural effusion in heart failure", ("pleura", "heart")),
        ("M54.31", "Sciatica, right side", ("nerves", "lower-back")),
        ("B01.9", "Chickenpox", ("skin",)),
        ("V00.1", "A fall", ("whole-body",)),
    ],
)
def test_sites_of_an_article(code: str, title: str, sites: tuple[str, ...]) -> None:
    assert set(body_sites.sites_of_article(code, (body_sites.locate(title),))) == set(sites)


def test_parts_of_the_body_come_before_systems() -> None:
    assert body_sites.sites_of_article("L03.011", (body_sites.locate("Cellulitis of right finger"),)) == (
        "finger",
        "skin",
    )


def test_every_code_has_a_site() -> None:
    for code in icd10.codes()[::40]:
        assert body_sites.sites_of_article(code, (body_sites.locate(icd10.title(code)),)), code


def test_without_a_code_the_sites_come_from_the_title_alone() -> None:
    assert body_sites.sites_of_article(None, (body_sites.locate("Broken left wrist"),)) == ("wrist",)
    assert body_sites.sites_of_article(None, (body_sites.locate("Hepatitis"),)) == ("liver",)
    assert body_sites.sites_of_article(None, (body_sites.locate("Something"),)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("right hand", True), ("lumbar region", True), ("with tophus", False), ("pain in hand", False)],
)
def test_is_location(text: str, expected: bool) -> None:
    assert body_sites.is_location(name_terms(text)) is expected


def test_organs() -> None:
    assert body_sites.is_organ("kidney")
    assert body_sites.is_organ("coronary-arteries")
    assert not body_sites.is_organ("thumb")


@given(st.text(max_size=60))
def test_any_text_has_a_location(text: str) -> None:
    location = body_sites.locate(text)
    assert set(location.sites) <= set(body_sites.tree())
