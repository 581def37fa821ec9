"""What those need who look after a library: its raw files, what was read of them and how surely, and what is live.

raw_files         ids to the raw files of a corpus folder: read, written and deleted one at a time
marked_text       a raw text and what was read of it to the same text with the evidence marked
checked_articles  documents to what an editor should look at
evidence          why an article was read as it was, in sentences
article_finder    what somebody remembers of an id or a title to articles
index_updater     changed raw files to an index that follows them
unanswered        queries without results to what people ask for and do not find
"""
