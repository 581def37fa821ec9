"""Medical knowledge: tables and word lists as data, and the code that looks names up in them.

code_table       a code of ICD-10-CM to its line of the table and to the codes around it; with icd10_table.tsv
code_table_builder  the tables of simple_icd_10_cm to icd10_table.tsv
code_lookup      a code as somebody writes it to the code of the table, or to the nearest
code_sides       a code to those of the same condition at the other side
icd10            a code of ICD-10-CM to its title, wider codes, chapter and inclusion terms; with chapters.toml
name_keys        a name to the key by which two ways to write it compare equal
name_variants    a name to other ways to write it
icd10_names      a name to the code whose title or inclusion term it is
icd10_name_table  the key of a name to the codes that have it, computed in advance; with icd10_names.tsv
icd10_names_builder  the names in icd10_table.tsv to icd10_names.tsv
disease_names    a name that the table lacks to its code; with disease_names.tsv and clinical_names.tsv
disease_names_builder  the Disease Ontology to disease_names.tsv; with disease_names_left_out.tsv
disease_synonyms  a name to its other names in the Disease Ontology; with disease_synonyms.tsv
disease_synonyms_builder  the ontology to disease_synonyms.tsv
body_sites       a title to the body sites and the side that it names; with sites.toml and code_sites.toml
code_locations   a code and a location to the code at that location
coded_names      a name to its code, by the table, the ontology, synonyms, and without its location
title_codes      a title that holds a name and more words to a code
affected_sites   an article's text to the sites and the side that it says are affected; with affected_sites.toml
site_mentions    one sentence to the sites that it mentions, each with points for being the affected one
condition_mentions  sentences to the known condition that they speak of most; with condition_mentions.toml
phrase_lists     a list of phrases in a TOML file to a regular expression
emergencies      a query to the emergency that it tells of; with emergencies.toml
emergency_numbers  the setting of whom to call to the number for a reader's locale
word_groups      patterns of unordered word groups ("burn* + pee|urinate") to what of a text they match
symptoms         what people say of a symptom to its medical names; with symptoms.toml and .json
article_code     what an article states, its title and first sentences to its code
conditions       a title to the condition that it is about, without site and side
thesaurus        a name to its synonyms and abbreviations; with thesaurus.toml
thesaurus_stems  the words of known names to their terms, computed in advance; with thesaurus_stems.json
thesaurus_stems_builder  the known names to thesaurus_stems.json
"""
