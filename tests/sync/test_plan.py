from indexer.articles.source import Failure, SourceFile
from indexer.sync.plan import StoredDocuments, SyncPlan, plan_sync
from indexer.sync.seen_files import Sighting


def sighting(id: str, source: str, digest: str) -> Sighting:
    return Sighting(SourceFile(source, source, id, 1, "", 0), id, digest, "")


def plan(found: list[tuple[str, str, str]], failures: tuple[str, ...] = (), **documents: tuple[str, str]) -> SyncPlan:
    """The plan for articles found, as (id, source, digest), and stored documents, as id=(source, digest)."""
    return plan_sync(
        [*(Failure(source, "cannot be read") for source in failures), *(sighting(*each) for each in found)],
        StoredDocuments(
            {id: digest for id, (_, digest) in documents.items()}, {id: source for id, (source, _) in documents.items()}
        ),
        ("/a",),
        digest=str.upper,
        exists=lambda source: source != "/gone/x.txt",
    )


def indexed(plan: SyncPlan) -> list[str]:
    return [each.id for each in plan.to_index]


def test_new_and_changed_articles_are_indexed_and_others_kept() -> None:
    found = [("new", "/a/new.txt", "x"), ("old", "/a/old.txt", "y"), ("same", "/a/same.txt", "x")]
    result = plan(found, old=("/a/old.txt", "X"), same=("/a/same.txt", "X"))
    assert indexed(result) == ["new", "old"]
    assert (result.kept, result.deleted, result.failures) == (("same",), (), ())


def test_a_moved_source_is_a_change() -> None:
    assert indexed(plan([("old", "/a/old.md", "x")], old=("/a/old.txt", "X"))) == ["old"]


def test_the_first_of_two_with_one_id_stays() -> None:
    result = plan([("x", "/a/x.txt", "x"), ("x", "/a/x.md", "y")])
    assert [each.digest for each in result.to_index] == ["x"]
    (second,) = result.failures
    assert "/a/x.txt" in second.reason
    assert second.source == "/a/x.md"


def test_the_document_of_another_source_stays_unless_that_is_gone() -> None:
    found = [("x", "/a/x.txt", "y")]
    assert [failure.id for failure in plan(found, x=("/b/x.txt", "X")).failures] == ["x"]
    assert indexed(plan(found, x=("/gone/x.txt", "X"))) == ["x"]


def test_only_what_lay_below_the_paths_and_is_gone_is_deleted() -> None:
    result = plan(
        [("seen", "/a/seen.txt", "x")],
        ("/a/unreadable.txt", "/a/locked"),
        seen=("/a/seen.txt", "X"),
        gone=("/a/gone.txt", "X"),
        elsewhere=("/b/x.txt", "X"),
        alike=("/ab/x.txt", "X"),
        unreadable=("/a/unreadable.txt", "X"),
        inside=("/a/locked/x.txt", "X"),
    )
    assert result.deleted == ("gone",)


def test_what_may_not_be_read_keeps_no_document() -> None:
    stored = StoredDocuments(
        {"secret": "d", "late": "d", "../up": "d"}, {"secret": "/c/a.txt", "late": "/c/b.txt", "../up": "/c/b.txt"}
    )
    found = (Failure("/c/a.txt", "leads out", refused=True), Failure("/c/b.txt", "no permission"))
    planned = plan_sync(found, stored, ("/c",), digest=str, exists=lambda _: True)
    assert planned.deleted == ("../up", "secret")


def test_a_folder_that_has_become_empty_keeps_its_documents() -> None:
    result = plan([], x=("/a/x.txt", "X"), y=("/a/y.txt", "X"), elsewhere=("/b/z.txt", "X"))
    assert result.deleted == ()
    (failure,) = result.failures
    assert (failure.source, "the 2 indexed from it are kept" in failure.reason) == ("/a", True)


def test_a_folder_whose_articles_have_all_moved_is_no_failure() -> None:
    stored = StoredDocuments({"x": "X"}, {"x": "/a/x.txt"})
    planned = plan_sync(
        [sighting("x", "/b/x.txt", "x")], stored, ("/a", "/b"), digest=str.upper, exists=lambda _: False
    )
    assert ([each.id for each in planned.to_index], planned.deleted, planned.failures) == (["x"], (), ())


def test_the_last_article_of_a_folder_can_be_deleted() -> None:
    assert plan([], x=("/a/x.txt", "X"), elsewhere=("/b/z.txt", "X")).deleted == ("x",)
