import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from, to } from 'pg-copy-streams'

const CHUNK = 64 * 1024

const chunksOf = (bytes: Buffer): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, nth) => bytes.subarray(nth * CHUNK, (nth + 1) * CHUNK))

/** What a query answers, in COPY's text format. */
export const copyOut = (client: PoolClient, query: string): Promise<Buffer> =>
  buffer(client.query(to(`COPY (${query}) TO STDOUT`)))

/** Rows in COPY's text format into a table, in its columns' order. */
export const copyIn = (client: PoolClient, table: string, rows: Buffer): Promise<void> =>
  pipeline(Readable.from(chunksOf(rows)), client.query(from(`COPY ${table} FROM STDIN`)))
