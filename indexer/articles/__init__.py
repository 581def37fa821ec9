"""Raw files to articles: the first half of the journey in; any bytes make an article, or a failure that says why not.

model                    a raw article as received, and the article as understood
source                   paths to raw articles, or failures
article_id               what an id may be
decompression            compressed files to their bytes, in bounded size and time
decoding                 bytes to text
characters               words in one piece, with nothing glued to them
extraction               a raw article to its text, by the extractor of its kind
blocks                   the common shape of texts: paragraphs, list items, headings
plain_text               plain text to blocks
markdown                 Markdown to blocks, by way of HTML
cleaning                 HTML to the blocks of its main text
embedded_text            what a page holds for machines to the text of an article that scripts make
tables                   tables and definition lists to rows, with the fields that their labels name
accordions               accordions and tabs of a page to headings over their panels
main_text                the tree of a page to its main text; with main_text_weights.json
page_outline             the tree of a page to its blocks of text and the elements that hold them
page_features            an outline to the numbers of each block
main_text_trainer        pages with a reviewed main text to main_text_weights.json
boilerplate              lines and sentences that belong to the publisher, not to the article
stated_codes             a line to the codes that it states, each with its classification
stated_fields            what is stated beside the text to an address, a code, a date, a language that can be
header                   the lines around an article to its code, date of review and other names
dates                    dates as they are written to ISO 8601
title_finder             blocks to the title
contents_list            a text without its table of contents
questions                questions that answers follow to headings
headings                 lines to headings, and the fields that they name
passages                 headings and paragraphs to the text under each heading
sections                 passages to sections: the field of each sentence, and why
section_cues             a sentence to the evidence for each topic; with section_weights.json
section_weights_trainer  articles with headings to section_weights.json
urgent_help              a section to what in it tells when to get help
phrase_matcher           words to the phrases among them, in linear time
other_names              sentences to the names and abbreviations that an article gives
shortcomings             an article that was cut off to what is missing of it
reader                   a raw article to an article: all of the above, in order
"""
