-- Up Migration

-- Which version of each projection serves, and since when. 0: its view was added to events that were there already, and never built.
CREATE TABLE serving_projections (
  projection text        PRIMARY KEY,
  version    integer     NOT NULL,
  since      timestamptz NOT NULL DEFAULT now()
);

-- Projections whose next generation is being built. While one is listed, projectors note the streams that they are told of before
-- the serving view learns of them: what the rebuild has read already is then not missed (docs/decisions/0019).
CREATE TABLE rebuilds (
  projection text        PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE rebuild_rings (
  projection  text   NOT NULL COLLATE "C",
  tenant      text   NOT NULL COLLATE "C",
  stream_type text   NOT NULL COLLATE "C",
  stream_id   text   NOT NULL COLLATE "C",
  through     bigint NOT NULL,
  PRIMARY KEY (projection, tenant, stream_type, stream_id)
);

GRANT SELECT ON serving_projections, rebuilds TO daybook_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON rebuild_rings TO daybook_projector;
