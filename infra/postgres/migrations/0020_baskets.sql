-- Up Migration

-- One row for each distinct SKU of an order that was not cancelled. Pairs are counted by whoever asks for them: a basket of a thousand
-- SKUs has half a million. The index finds the baskets of a SKU, the key the other SKUs in them.
CREATE TABLE baskets (
  tenant   text NOT NULL COLLATE "C",
  order_id text NOT NULL COLLATE "C",
  sku      text NOT NULL COLLATE "C",
  PRIMARY KEY (tenant, order_id, sku)
);
CREATE INDEX baskets_by_sku ON baskets (tenant, sku, order_id);
SELECT daybook_protect_view('baskets');
SELECT daybook_create_checkpoints('baskets');
