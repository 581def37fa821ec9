"""Sources to an index that agrees with them: only what changed is read, and all changes become visible at once.

sync            the journey: list the files, look at them, plan, index, report
seen_files      files to the id and digest of each article; files that have not changed are not opened
held_articles   the raw articles that stay in memory between looking at files and indexing
plan            stored documents and articles found to what must be indexed and deleted; pure
article_reader  a raw article to the document that is indexed
workers         raw articles to segments, in several processes where there are many
report          what a sync did, or would do
sync_history    reports to a record of the last syncs, the last changes and what failed
watch           changes of files to syncs
"""
