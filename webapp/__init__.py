"""A library to a website: pages that work without JavaScript, and a JSON API beside them.

app              the parts below to one Flask application
request_context  the running application to its library, and the current request to its search
search_params    the parameters of a URL to a SearchRequest, and back: one table for pages, API and OpenAPI
home             the pages that introduce the site
answer           answers and hits to what their cards say
search_page      a search to a page of results
search_heading   a search to what its page is called
understood       how the words of a query were understood to chips that take it back
export           all results of a search to a file
article_page     an article to its page
language         the language of an article to the attributes of its text
condition_page   a condition to its page
compare          two to four articles side by side
browse           everything from A to Z, by body site and by chapter
crawlers         what browsers and search engines read of the site
assets           the files below static/ to one style sheet, one script, and files that stand alone
codes            codes of ICD-10-CM to pages and JSON
overview         the whole library to what the home and browse pages show of it, once a generation
links            a search to its URL, and to the URLs of its other views
structured_data  pages to JSON-LD in the vocabulary of schema.org
body_drawing     the body as it is drawn, from body_map.toml
body_map         counts of sites by side to a map of the body
facet_links      facets, filters and groups of hits to links
pager            a count of results to the links between their pages
markup           texts and spans to HTML: the filters of the templates
api              requests to JSON
openapi          the types of the answers and the parameters to the description of the API
api_page         the description of the API to a page
errors           errors to statuses, and each status to a page or to JSON
http_cache       views to cached views: ETags and a response cache
admission        requests to their turns: cheap ones never behind costly ones, the rest 503
compression      response bodies to fewer bytes: Brotli or gzip
door             requests as they arrive to those of this site: hosts, proxies, prefixes; headers on every reply
security         limits of requests, and the headers that guard every response
generation       the newest generation to a page that is open
editors          the library to those who look after it: lists, raw texts beside their reading, changes
health, metrics  probes for machines, and counters over all worker processes
metrics_port     the counters to an address of their own
logs             what is logged to one line each
server           an application and a socket to worker processes
watching         changes of a corpus to its index, while a site is served
cli              `conditions serve`
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indexer.library import Library
    from indexer.settings import Settings


def create_app(settings: "Settings | None" = None, library: "Library | None" = None) -> "Flask":
    """The WSGI application over the library, else over the index of the settings, else over that of the environment.

    Articles of a library that is given can be changed only where the settings are given too: they name its corpus.
    Opens nothing yet: an index that is missing or damaged gives status 503 and words that say so, until it is there.
    """
    from webapp.app import assemble  # Flask is imported only where pages are served, so that commands start fast

    return assemble(settings, library)
