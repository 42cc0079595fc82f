-- Up Migration

-- One row a tenant, customer and month (its first day): orders placed and still standing, in whatever currency. A customer's cohort is
-- the first month with an order.
CREATE TABLE customer_months (
  tenant      text   NOT NULL COLLATE "C",
  customer_id text   NOT NULL COLLATE "C",
  month       date   NOT NULL,
  orders      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, customer_id, month)
);
SELECT daybook_protect_view('customer_months');
SELECT daybook_create_checkpoints('cohorts');
