from indexer.articles.source import Failure
from indexer.sync.plan import Plan


def plan(**documents: tuple[str, str]) -> Plan:
    return Plan(
        {id: digest for id, (digest, _) in documents.items()},
        {id: source for id, (_, source) in documents.items()},
        ("/a",),
        exists=lambda source: source != "/gone/x.txt",
    )


def test_added_changed_kept() -> None:
    state = plan(old=("1", "/a/old.txt"), same=("1", "/a/same.txt"))
    assert state.decide("new", "/a/new.txt", "1") == "added"
    assert state.decide("old", "/a/old.txt", "2") == "changed"
    assert state.decide("same", "/a/same.txt", "1") == "kept"


def test_a_moved_source_is_a_change() -> None:
    assert plan(old=("1", "/a/old.txt")).decide("old", "/a/old.md", "1") == "changed"


def test_the_first_of_two_with_one_id_stays() -> None:
    state = plan()
    assert state.decide("x", "/a/x.txt", "1") == "added"
    second = state.decide("x", "/a/x.md", "2")
    assert isinstance(second, Failure)
    assert "/a/x.txt" in second.reason
    assert second.source == "/a/x.md"


def test_another_owner_stays_unless_it_is_gone() -> None:
    assert isinstance(plan(x=("1", "/b/x.txt")).decide("x", "/a/x.txt", "2"), Failure)
    assert plan(x=("1", "/gone/x.txt")).decide("x", "/a/x.txt", "2") == "changed"


def test_only_what_lay_below_the_paths_and_is_gone_is_deleted() -> None:
    state = plan(
        seen=("1", "/a/seen.txt"),
        gone=("1", "/a/gone.txt"),
        elsewhere=("1", "/b/x.txt"),
        alike=("1", "/ab/x.txt"),
        unreadable=("1", "/a/unreadable.txt"),
        inside=("1", "/a/locked/x.txt"),
    )
    state.decide("seen", "/a/seen.txt", "1")
    assert state.vanished(["/a/unreadable.txt", "/a/locked"]) == ("gone",)
