"""The files of an index: segments of flat arrays, and the manifest that names those of a generation.

arrays           named arrays are one file with a checksum, memory-mapped for reading
write_lock       the lock that admits one writer
manifest         one small file names the segments of a generation and their checksums: the commit point
segments         the arrays of one segment: term dictionaries, postings, positions, field lengths, stored documents
segment_builder  documents become a segment in memory, in any process
segment_merger   segments become the files of one, array by array
"""
