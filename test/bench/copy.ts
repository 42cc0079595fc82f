import { buffer } from 'node:stream/consumers'
import type { PoolClient } from 'pg'
import { to } from 'pg-copy-streams'
import { copyBytes } from '../../infra/postgres/copy.ts'

const CHUNK = 64 * 1024

const chunksOf = (bytes: Buffer): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, nth) => bytes.subarray(nth * CHUNK, (nth + 1) * CHUNK))

/** What a query answers, in COPY's text format. */
export const copyOut = (client: PoolClient, query: string): Promise<Buffer> =>
  buffer(client.query(to(`COPY (${query}) TO STDOUT`)))

/** Rows in COPY's text format into a table, in its columns' order. */
export const copyIn = (client: PoolClient, table: string, rows: Buffer): Promise<void> =>
  copyBytes(client, table, chunksOf(rows))
