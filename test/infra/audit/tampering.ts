import { gunzipSync, gzipSync } from 'node:zlib'
import type { Commit } from '../../../infra/event-store/port.ts'
import type { Sample } from './agreement-samples.ts'
import { type Files, fileOf, manifestOf, type Signer, signerAt } from './agreement-trail.ts'

/** Where a tampering draws its choices from. */
export type Draws = {
  /** 0 to `limit` - 1. */
  readonly below: (limit: number) => number
  readonly oneOf: <A>(of: ReadonlyArray<A>) => A
}

/** An export after somebody had it, and what a verifier has to say: one of the findings, of one of the names (null: whatever file or line). */
export type Tampered = {
  readonly files: Files
  readonly findings: ReadonlyArray<string>
  readonly names: ReadonlyArray<string> | null
  /** What is done to the directory besides. */
  readonly spoil?: (dir: string) => void
  readonly publicKey?: Signer
}

export type Tampering = (sample: Sample, draws: Draws) => Tampered

export const nameOf = ({ stream, version }: Pick<Commit, 'stream' | 'version'>): string =>
  `${stream.tenant}/${stream.type}/${stream.id}@${version}`

export const commitsFile = (files: Files): string =>
  files.has('commits.jsonl.gz') ? 'commits.jsonl.gz' : 'commits.jsonl'

/** Unpacked, where it is packed. */
export const contentOf = (files: Files, name: string): Buffer => {
  const content = files.get(name)
  if (content === undefined) throw new Error(`the export has no ${name}`)
  return name.endsWith('.gz') ? gunzipSync(content) : content
}

export const linesOf = (files: Files, name: string): ReadonlyArray<string> =>
  contentOf(files, name).toString().split('\n').slice(0, -1)

/** The content is packed, where the name says so. */
export const withContent = (files: Files, name: string, content: Buffer): Files =>
  new Map([...files, [name, name.endsWith('.gz') ? gzipSync(content) : content]])

export const withLines = (files: Files, name: string, lines: ReadonlyArray<string>): Files =>
  withContent(files, name, fileOf(lines))

export const without = (files: Files, name: string): Files => new Map([...files].filter(([other]) => other !== name))

/** With a manifest that lists the files as they are now, signed as the export's own: what only the exporter could do. */
export const resealed = ({ trail, request, export: { body } }: Sample, files: Files): Files =>
  withContent(files, 'manifest.json', manifestOf(body, files, signerAt(trail, request.exportedAt)))

export const flipped = (content: Buffer, at: number, mask: number): Buffer => {
  const copy = Buffer.from(content)
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at)
  return copy
}

export const at = <A>(list: ReadonlyArray<A>, place: number): A => {
  const found = list[place]
  if (found === undefined) throw new Error(`the list has no place ${place}`)
  return found
}
export const inserted = <A>(list: ReadonlyArray<A>, at: number, ...items: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.toSpliced(at, 0, ...items)
export const removed = <A>(list: ReadonlyArray<A>, at: number): ReadonlyArray<A> => list.toSpliced(at, 1)
export const replaced = <A>(list: ReadonlyArray<A>, at: number, ...items: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.toSpliced(at, 1, ...items)

/** Two places of a list, the lower first. */
export const twoPlaces = (length: number, { below }: Draws): readonly [number, number] => {
  const low = below(length - 1)
  return [low, low + 1 + below(length - 1 - low)]
}
