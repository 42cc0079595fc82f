-- Up Migration

-- One row a tenant, SKU and day (UTC), all in pieces of zero or more. A cancellation is a movement of its own day.
CREATE TABLE product_days (
  tenant       text    NOT NULL COLLATE "C",
  sku          text    NOT NULL COLLATE "C",
  day          date    NOT NULL,
  sold         numeric NOT NULL DEFAULT 0,
  cancelled    numeric NOT NULL DEFAULT 0,
  credited     numeric NOT NULL DEFAULT 0,
  adjusted_in  numeric NOT NULL DEFAULT 0,
  adjusted_out numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, sku, day)
);
SELECT daybook_protect_view('product_days');
SELECT daybook_create_checkpoints('product-movement');
