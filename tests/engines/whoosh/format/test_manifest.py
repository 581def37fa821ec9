import base64
import json
import tracemalloc
import zlib
from pathlib import Path

from indexer.disk import Disk
from indexer.engines.whoosh.format import manifest as module
from indexer.engines.whoosh.format.manifest import MANIFEST, Manifest, SegmentEntry, read_manifest, write_manifest

UNPACKED = 50_000_000  # bytes


def test_deletes_unpack_to_no_more_than_there_are_documents(tmp_path: Path) -> None:
    segment = SegmentEntry("s", 12, (1, 9), {})
    write_manifest(Disk(), tmp_path, Manifest(1, "1-a", (segment,), {}, (), 0))
    assert read_manifest(tmp_path).segments == (segment,)
    outer = json.loads((tmp_path / MANIFEST).read_text())
    bitmap = bytes((0b01000000, 0b01000000)) + bytes(UNPACKED)
    outer["index"]["segments"][0]["deleted"] = base64.b64encode(zlib.compress(bitmap)).decode()
    outer["checksum"] = module._hash(module._canonical(outer["index"]))
    (tmp_path / MANIFEST).write_text(json.dumps(outer))
    tracemalloc.start()
    try:
        assert read_manifest(tmp_path).segments == (segment,)
        assert tracemalloc.get_traced_memory()[1] < UNPACKED / 10
    finally:
        tracemalloc.stop()
