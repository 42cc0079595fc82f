import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import type { Commit } from '../event-store/port.ts'
import { Count, SignedDocument } from './signed.ts'

/** Names a commit, and what it was when it was sealed. */
export const Entry = strict({
  commitId: t.string,
  hash: t.string,
  stream: strict({ id: t.string, tenant: t.string, type: t.string }),
  version: Count,
})
export type Entry = t.TypeOf<typeof Entry>

export const Digest = strict({
  format: t.literal('daybook.digest.1'),
  tenant: t.string,
  /** 1, 2, 3, … */
  sequence: Count,
  from: t.string,
  to: t.string,
  sealedAt: t.string,
  commits: Count,
  /** Of the RFC 6962 tree over the commits' hashes. */
  root: t.string,
  first: t.union([t.null, Entry]),
  last: t.union([t.null, Entry]),
  /** Of the entries of all commits, a line each. */
  leavesSha256: t.string,
  previousDigest: t.string,
})
/** What a tenant's commits of one window of time were when it was sealed (docs/audit.md). */
export type Digest = t.TypeOf<typeof Digest>

export const SignedDigest = SignedDocument(Digest)
export type SignedDigest = t.TypeOf<typeof SignedDigest>

export const entryOf = ({ commitId, hash, stream: { id, tenant, type }, version }: Commit): Entry => ({
  commitId,
  hash,
  stream: { id, tenant, type },
  version,
})

/** RFC 8785 with a line feed. The keys stand in its order, and all values are plain texts and whole numbers. */
export const lineOfEntry = (entry: Entry): string => `${JSON.stringify(entry)}\n`

/** A commit's name for people. */
export const nameOf = ({ stream: { tenant, type, id }, version }: Pick<Entry, 'stream' | 'version'>): string =>
  `${tenant}/${type}/${id}@${version}`
