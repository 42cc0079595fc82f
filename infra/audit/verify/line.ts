import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { strict } from '../../../schemas/strict.ts'
import { jsonOf } from './read.ts'

const FIELD = ',"hash":"'
const HASH_LENGTH = 64

/** What a line says of itself. */
const Placed = strict({
  commitId: t.string,
  stream: strict({ id: t.string, tenant: t.string, type: t.string }),
  version: t.number,
  previousHash: t.string,
  events: t.readonlyArray(t.unknown),
})
export type Placed = t.TypeOf<typeof Placed>

/** The hash that a line names, and that of what remains without it. */
export type Hashes = { readonly named: string; readonly recomputed: string }

/** Undefined where the line names none. */
export const hashesOf = (line: string): Hashes | undefined => {
  const at = line.lastIndexOf(FIELD)
  const end = at + FIELD.length + HASH_LENGTH
  if (at < 0 || line[end] !== '"') return undefined
  const rest = Buffer.from(line.slice(0, at) + line.slice(end + 1), 'latin1')
  return { named: line.slice(at + FIELD.length, end), recomputed: hash('sha256', rest) }
}

/** Undefined where a line is no commit. */
export const placedOf = (line: string): Placed | undefined => {
  const placed = Placed.decode(jsonOf(line))
  return E.isLeft(placed) ? undefined : placed.right
}
