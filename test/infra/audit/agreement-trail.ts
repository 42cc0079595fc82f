import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { eventsTextOf, hashOf, type Unhashed } from '../../../infra/event-store/hash.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { NO_HASH } from '../../../infra/event-store/position.ts'

/** The files of an export by name: written here from docs/audit.md alone, with keys at hand, so that tests can forge what only a signer could. */
export type Files = ReadonlyMap<string, Buffer>

export type Body = { readonly [field: string]: unknown }
export type Document = { readonly body: Body; readonly signatures: ReadonlyArray<{ keyId: string; signature: string }> }

export type Signer = {
  readonly keyId: string
  readonly der: Buffer
  readonly pem: string
  readonly privateKey: KeyObject
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')

export const newSigner = (): Signer => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { keyId: sha256(der), der, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey }
}

export const signed = (body: Body, ...signers: ReadonlyArray<Signer>): Document => ({
  body,
  signatures: signers.map(({ keyId, privateKey }) => ({
    keyId,
    signature: sign('sha256', Buffer.from(jcs(body)), privateKey).toString('base64'),
  })),
})

export const hashOfBody = (body: Body): string => sha256(jcs(body))

export const fileOf = (lines: ReadonlyArray<string>): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''))

export const sealedCommit = (unhashed: Unhashed): Commit => ({
  ...unhashed,
  hash: hashOf(unhashed, eventsTextOf(unhashed.events)),
})

export const entryOf = ({ commitId, hash, stream, version }: Commit) => ({ commitId, hash, stream, version })

const node = (...parts: ReadonlyArray<Buffer>): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()

/** The largest power of two below `size`, which is 2 at least. */
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1))

const rootOf = (hashes: ReadonlyArray<string>): Buffer => {
  const [hash] = hashes
  if (hash === undefined) return node()
  if (hashes.length === 1) return node(Buffer.of(0), Buffer.from(hash, 'hex'))
  const middle = split(hashes.length)
  return node(Buffer.of(1), rootOf(hashes.slice(0, middle)), rootOf(hashes.slice(middle)))
}

const nodesOf = (commits: ReadonlyArray<Commit>, holds: (commit: Commit) => boolean): ReadonlyArray<string> => {
  if (commits.length === 0) return []
  if (!commits.some(holds)) return [rootOf(commits.map(({ hash }) => hash)).toString('hex')]
  if (commits.length === 1) return []
  const middle = split(commits.length)
  return [...nodesOf(commits.slice(0, middle), holds), ...nodesOf(commits.slice(middle), holds)]
}

const rangesOf = (commits: ReadonlyArray<Commit>, holds: (commit: Commit) => boolean) => {
  const ranges: [number, number][] = []
  for (const [at, commit] of commits.entries()) {
    if (!holds(commit)) continue
    const last = ranges.at(-1)
    if (last?.[1] === at) last[1] = at + 1
    else ranges.push([at, at + 1])
  }
  return ranges
}

export const proofOf = (sequence: number, commits: ReadonlyArray<Commit>, holds: (commit: Commit) => boolean) => ({
  sequence,
  included: rangesOf(commits, holds),
  nodes: nodesOf(commits, holds),
})

/** Times are RFC 3339, UTC, with milliseconds. */
export type Window = {
  readonly from: string
  readonly to: string
  readonly sealedAt: string
  readonly commits: ReadonlyArray<Commit>
}
export type Key = { readonly validFrom: string; readonly signer: Signer }
/** All there is of a tenant. */
export type Trail = {
  readonly tenant: string
  readonly keys: readonly [Key, ...Key[]]
  readonly windows: ReadonlyArray<Window>
}

/** The key that was valid then; the first where none was. */
export const signerAt = ({ keys }: Trail, time: string): Signer =>
  (keys.findLast(({ validFrom }) => validFrom <= time) ?? keys[0]).signer

export const keyDocuments = (keys: ReadonlyArray<Key>): ReadonlyArray<Document> => {
  const documents: Document[] = []
  for (const [at, { validFrom, signer }] of keys.entries()) {
    const before = documents.at(-1)
    const body = {
      format: 'daybook.key.1',
      sequence: at + 1,
      keyId: signer.keyId,
      publicKey: signer.der.toString('base64'),
      validFrom,
      previousKey: before === undefined ? NO_HASH : hashOfBody(before.body),
    }
    documents.push(
      signed(
        body,
        signer,
        ...keys
          .slice(0, at)
          .slice(-1)
          .map((key) => key.signer),
      ),
    )
  }
  return documents
}

export const digestDocuments = (trail: Trail): ReadonlyArray<Document> => {
  const documents: Document[] = []
  for (const [at, { from, to, sealedAt, commits }] of trail.windows.entries()) {
    const before = documents.at(-1)
    const entries = commits.map(entryOf)
    const body = {
      ...{ format: 'daybook.digest.1', tenant: trail.tenant, sequence: at + 1, from, to, sealedAt },
      ...{ commits: commits.length, root: rootOf(commits.map(({ hash }) => hash)).toString('hex') },
      ...{ first: entries.at(0) ?? null, last: entries.at(-1) ?? null, leavesSha256: sha256(fileOf(entries.map(jcs))) },
      previousDigest: before === undefined ? NO_HASH : hashOfBody(before.body),
    }
    documents.push(signed(body, signerAt(trail, sealedAt)))
  }
  return documents
}

export type Request = {
  readonly from: string
  readonly to: string
  readonly exportedAt: string
  readonly filter?: { readonly [name: string]: string }
  /** What the filter means. */
  readonly holds?: (commit: Commit) => boolean
  readonly gzip?: boolean
  readonly csv?: boolean
}

/** A manifest that lists the files as they are. */
export const manifestOf = (body: Body, files: Files, signer: Signer): Buffer => {
  const listed = [...files].filter(([name]) => name !== 'manifest.json')
  const entries = listed.map(([name, content]) => ({ name, sha256: sha256(content), size: content.length }))
  return fileOf([jcs(signed({ ...body, files: entries }, signer))])
}

export type Proof = ReturnType<typeof proofOf>

/** An export, and what it was made of; `body` is the manifest's. */
export type Export = {
  readonly files: Files
  readonly commits: ReadonlyArray<Commit>
  readonly digests: ReadonlyArray<Document>
  readonly proofs: ReadonlyArray<Proof>
  readonly body: Body
}

export const exportOf = (trail: Trail, request: Request): Export => {
  const { from, to, exportedAt, filter = {}, holds = () => true } = request
  const isHeld = (commit: Commit): boolean => from <= commit.time && commit.time < to && holds(commit)
  const numbered = trail.windows.map((window, at) => ({ ...window, sequence: at + 1 }))
  const windows = numbered.filter((window) => window.from < to && window.to > from)
  const digests = digestDocuments(trail).filter((_, at) => windows.some(({ sequence }) => sequence === at + 1))
  const proofs = windows.map((window) => proofOf(window.sequence, window.commits, isHeld))
  const commits = windows.flatMap((window) => window.commits.filter(isHeld))
  const lines = fileOf(commits.map(jcs))
  const files = new Map([
    request.gzip === true ? ['commits.jsonl.gz', gzipSync(lines)] : ['commits.jsonl', lines],
    ['index.jsonl', fileOf(commits.map((commit) => jcs(entryOf(commit))))],
    ['digests.jsonl', fileOf(digests.map(jcs))],
    ['proofs.jsonl', fileOf(proofs.map(jcs))],
    ['keys.jsonl', fileOf(keyDocuments(trail.keys).map(jcs))],
    ...(request.csv === true
      ? [['events.csv', fileOf(['stream,type', ...commits.map(({ stream }) => stream.id)])] as const]
      : []),
  ])
  const events = commits.reduce((sum, commit) => sum + commit.events.length, 0)
  const body = {
    format: 'daybook.export.1',
    tenant: trail.tenant,
    exportedAt,
    from,
    to,
    filter,
    commits: commits.length,
    events,
  }
  files.set('manifest.json', manifestOf(body, files, signerAt(trail, exportedAt)))
  return { files, commits, digests, proofs, body }
}
