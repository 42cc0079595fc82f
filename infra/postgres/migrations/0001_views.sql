-- Up Migration

-- Two roles beside the owner: projectors write every tenant's rows, readers see one tenant's.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['daybook_projector', 'daybook_reader']
  LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    EXCEPTION
      -- Roles belong to the cluster: another of its databases has made it, or makes it at this moment.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    -- An owner who is not a superuser must be a member to act in the role.
    IF NOT pg_has_role(role, 'SET') THEN EXECUTE format('GRANT %I TO CURRENT_USER', role); END IF;
  END LOOP;
END $$;

CREATE TABLE checkpoints (
  projection  text   NOT NULL,
  tenant      text   NOT NULL,
  stream_type text   NOT NULL,
  stream_id   text   NOT NULL COLLATE "C",
  version     bigint NOT NULL,
  PRIMARY KEY (projection, tenant, stream_type, stream_id)
);

CREATE TABLE parked_streams (
  projection  text        NOT NULL,
  tenant      text        NOT NULL,
  stream_type text        NOT NULL,
  stream_id   text        NOT NULL COLLATE "C",
  version     bigint      NOT NULL,
  error       text        NOT NULL,
  attempts    integer     NOT NULL,
  parked_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, tenant, stream_type, stream_id)
);

CREATE TABLE orders (
  tenant              text        NOT NULL,
  order_id            text        NOT NULL COLLATE "C",
  version             bigint      NOT NULL,
  status              text        NOT NULL,
  customer_id         text        COLLATE "C",
  country             text,
  currency            text        NOT NULL,
  placed_at           timestamptz NOT NULL,
  total               numeric     NOT NULL,
  line_count          integer     NOT NULL,
  cancelled_at        timestamptz,
  cancellation_reason text,
  PRIMARY KEY (tenant, order_id)
);
CREATE INDEX orders_by_time ON orders (tenant, placed_at DESC, order_id DESC);
CREATE INDEX orders_by_customer ON orders (tenant, customer_id, placed_at DESC, order_id DESC);

CREATE TABLE order_lines (
  tenant      text    NOT NULL,
  order_id    text    NOT NULL COLLATE "C",
  line_no     integer NOT NULL,
  sku         text    NOT NULL COLLATE "C",
  description text,
  quantity    bigint  NOT NULL,
  unit_price  numeric NOT NULL,
  PRIMARY KEY (tenant, order_id, line_no)
);

CREATE TABLE products (
  tenant                 text    NOT NULL,
  sku                    text    NOT NULL COLLATE "C",
  version                bigint  NOT NULL,
  status                 text    NOT NULL,
  name                   text    NOT NULL,
  category               text,
  price                  numeric NOT NULL,
  currency               text    NOT NULL,
  discontinuation_reason text,
  PRIMARY KEY (tenant, sku)
);

CREATE TABLE stock_levels (
  tenant  text   NOT NULL,
  sku     text   NOT NULL COLLATE "C",
  version bigint NOT NULL,
  on_hand bigint NOT NULL,
  PRIMARY KEY (tenant, sku)
);

-- One row a tenant, dimension, currency, business day (UTC) and key. dimension: day (key ''), country, customer or product;
-- key '' stands for "none". A report sums rows over days.
CREATE TABLE sales (
  tenant       text    NOT NULL,
  dimension    text    NOT NULL,
  currency     text    NOT NULL,
  day          date    NOT NULL,
  key          text    NOT NULL COLLATE "C",
  invoices     bigint  NOT NULL DEFAULT 0,
  credit_notes bigint  NOT NULL DEFAULT 0,
  bookings     bigint  NOT NULL DEFAULT 0,
  units        numeric NOT NULL DEFAULT 0,
  gross        numeric NOT NULL DEFAULT 0,
  credits      numeric NOT NULL DEFAULT 0,
  adjustments  numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, dimension, currency, day, key)
);

-- The second lock on tenants, behind every query's own condition.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['checkpoints', 'parked_streams', 'orders', 'order_lines', 'products', 'stock_levels', 'sales']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY projector ON %I TO daybook_projector USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO daybook_reader USING (tenant = current_setting(''daybook.tenant'', true))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO daybook_projector', name);
    EXECUTE format('GRANT SELECT ON %I TO daybook_reader', name);
  END LOOP;
END $$;
