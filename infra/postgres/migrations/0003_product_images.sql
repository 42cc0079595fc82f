-- Up Migration

-- A JSON array of URLs, as its text. Products that are here already were added without images, which is what an upcaster makes
-- of their events, too: the default is what a rebuild would write.
ALTER TABLE products ADD COLUMN images text NOT NULL DEFAULT '[]';
