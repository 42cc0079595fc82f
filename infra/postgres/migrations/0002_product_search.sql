-- Up Migration

-- Stems of English words, stop words included: "THE KING" is a name.
CREATE TEXT SEARCH DICTIONARY daybook_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION daybook_stems (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION daybook_stems
  ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart WITH daybook_stem;

-- Product search on machines without OpenSearch. A tombstone has no name; its version keeps an older write from bringing it back.
-- words: the words of the name (weight A), of category and SKU (B), each as it stands and as its stem. typos: keys that find
-- mistyped words (infra/search/typos.ts); kept in the row and as they are, because every query looks at them.
-- No index on either: the matching operator is not leakproof, so behind row-level security Postgres never uses one. A query reads
-- its own tenant's products by the primary key.
CREATE TABLE product_search (
  tenant   text     NOT NULL,
  sku      text     NOT NULL COLLATE "C",
  version  bigint   NOT NULL,
  name     text     COLLATE "C",
  category text     COLLATE "C",
  price    numeric,
  currency text,
  words    tsvector,
  typos    tsvector STORAGE EXTERNAL,
  PRIMARY KEY (tenant, sku)
) WITH (toast_tuple_target = 8160);

ALTER TABLE product_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY projector ON product_search TO daybook_projector USING (true) WITH CHECK (true);
CREATE POLICY reader ON product_search FOR SELECT TO daybook_reader USING (tenant = current_setting('daybook.tenant', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON product_search TO daybook_projector;
GRANT SELECT ON product_search TO daybook_reader;
