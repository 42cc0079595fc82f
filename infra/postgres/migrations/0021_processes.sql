-- Up Migration

-- What the process invoicing looks at. One row an order: how often it was placed (once, but an invoice may be told of first), cancelled
-- and invoiced, how many of its invoices are not voided, and when the first two were committed (milliseconds since 1970).
CREATE TABLE invoicing_orders (
  tenant          text   NOT NULL COLLATE "C",
  order_id        text   NOT NULL COLLATE "C",
  placed          bigint NOT NULL DEFAULT 0,
  cancelled       bigint NOT NULL DEFAULT 0,
  invoices        bigint NOT NULL DEFAULT 0,
  open_invoices   bigint NOT NULL DEFAULT 0,
  placed_at_ms    bigint NOT NULL DEFAULT 0,
  cancelled_at_ms bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, order_id)
);
CREATE INDEX invoicing_orders_to_invoice ON invoicing_orders (placed_at_ms, tenant, order_id)
  WHERE placed > 0 AND cancelled = 0 AND invoices = 0;
CREATE INDEX invoicing_orders_to_void ON invoicing_orders (cancelled_at_ms, tenant, order_id)
  WHERE cancelled > 0 AND open_invoices > 0;
SELECT daybook_protect_view('invoicing_orders');

-- Invoices that are not voided.
CREATE TABLE invoicing_invoices (
  tenant     text NOT NULL COLLATE "C",
  invoice_id text NOT NULL COLLATE "C",
  order_id   text NOT NULL COLLATE "C",
  PRIMARY KEY (tenant, invoice_id)
);
CREATE INDEX invoicing_invoices_by_order ON invoicing_invoices (tenant, order_id);
SELECT daybook_protect_view('invoicing_invoices');
SELECT daybook_create_checkpoints('invoicing');

-- Steps of processes that the domain refused, until somebody reopens them.
CREATE TABLE refused_steps (
  tenant     text        NOT NULL COLLATE "C",
  step_id    text        NOT NULL COLLATE "C",
  process    text        NOT NULL COLLATE "C",
  kind       text        NOT NULL COLLATE "C",
  subject    text        NOT NULL COLLATE "C",
  reason     text        NOT NULL,
  refused_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, step_id)
);
CREATE INDEX refused_steps_by_name ON refused_steps (process, kind, tenant, subject);
SELECT daybook_protect_view('refused_steps');
SELECT daybook_create_checkpoints('refused-steps');
