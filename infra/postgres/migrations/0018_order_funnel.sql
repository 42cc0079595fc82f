-- Up Migration

-- One row a tenant and business day (UTC). placed: orders placed on that day; cancelled: how many of those were cancelled since;
-- invoiced: invoices issued on that day and not voided; credited: credit notes issued on that day.
CREATE TABLE order_funnel (
  tenant    text   NOT NULL COLLATE "C",
  day       date   NOT NULL,
  placed    bigint NOT NULL DEFAULT 0,
  cancelled bigint NOT NULL DEFAULT 0,
  invoiced  bigint NOT NULL DEFAULT 0,
  credited  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, day)
);
SELECT daybook_protect_view('order_funnel');
SELECT daybook_create_checkpoints('order-funnel');
