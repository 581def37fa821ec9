"""The files of an index: segments of flat arrays, and the manifest that names those of a generation.

arrays           named arrays are one file with a checksum, mapped and not read
disk             a file operation is on the disk when it says so; one writer at a time
manifest         one small file names the segments of a generation, and their checksums
segments         one segment's arrays: terms, postings, lengths, columns
segment_builder  documents become a segment in memory, in any process
segment_merger   segments become one, array by array
"""
