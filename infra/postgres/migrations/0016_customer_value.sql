-- Up Migration

-- One row a tenant, currency, customer and business day (UTC): orders placed and still standing, and what they, credit notes and
-- adjustments come to. A report sums a customer's days; the last one with an order is how recent the customer is.
CREATE TABLE customer_days (
  tenant      text    NOT NULL COLLATE "C",
  currency    text    NOT NULL COLLATE "C",
  customer_id text    NOT NULL COLLATE "C",
  day         date    NOT NULL,
  orders      bigint  NOT NULL DEFAULT 0,
  net         numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, currency, customer_id, day)
);
SELECT daybook_protect_view('customer_days');
SELECT daybook_create_checkpoints('customer-value');
