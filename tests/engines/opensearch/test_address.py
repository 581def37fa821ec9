from pathlib import Path

import pytest

from indexer.engines import without_password
from indexer.engines.opensearch.address import ClusterAddress
from indexer.errors import EngineUnavailable


def test_a_plain_address() -> None:
    address = ClusterAddress.parse("opensearch://search.example:9201/library")
    assert address == ClusterAddress((("search.example", 9201),), "library")
    assert (address.tls, address.shards, address.replicas, address.timeout_s) == (False, 2, 1, 30)
    assert str(address) == "opensearch://search.example:9201/library"


def test_an_address_with_everything(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\nand more")
    options = "tls=true&ca=/ca.pem&cert=/c.pem&key=/k.pem&verify=false&timeout=5&shards=6&replicas=0"
    address = ClusterAddress.parse(f"opensearch://writer:p%40ss%2Fword@a,[::1]:9300,c:1/library/?{options}")
    assert address.hosts == (("a", 9200), ("[::1]", 9300), ("c", 1))
    assert (address.user, address.password) == ("writer", "p@ss/word")
    assert (address.tls, address.ca, address.cert, address.key) == (True, "/ca.pem", "/c.pem", "/k.pem")
    assert (address.verify, address.timeout_s, address.shards, address.replicas) == (False, 5, 6, 0)
    from_file = ClusterAddress.parse(f"opensearch://writer@a/library?password_file={tmp_path / 'secret'}")
    assert from_file.password == "from a file"


def test_a_password_is_never_written_out() -> None:
    location = "opensearch://writer:secret@a:1,b:2/library?tls=true"
    assert "secret" not in f"{ClusterAddress.parse(location)} {ClusterAddress.parse(location)!r}"
    assert without_password(location) == "opensearch://writer@a:1,b:2/library?tls=true"
    assert without_password("var/index") == "var/index"


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("opensearch://host:1", "“” cannot be the name"),
        ("opensearch://host/Upper", "“Upper” cannot be the name"),
        ("opensearch://host/a/b", "“a/b” cannot be the name"),
        ("opensearch:///name", "“” is no host"),
        ("opensearch://u:secret@host:99999/name", "“host:99999” is no host"),
        ("opensearch://host/name?colour=red", "unknown option “colour”"),
        ("opensearch://host/name?tls=yes", "tls of OpenSearch is “yes”; use true or false"),
        ("opensearch://host/name?shards=0", "shards of OpenSearch is “0”; use a number from 1"),
        ("opensearch://host/name?timeout=soon", "timeout of OpenSearch is “soon”"),
        ("opensearch://u@host/name?password_file=/no/such/file", "password file /no/such/file cannot be read"),
    ],
)
def test_what_is_no_address_is_said_in_one_line(location: str, message: str) -> None:
    with pytest.raises(EngineUnavailable) as raised:
        ClusterAddress.parse(location)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)
