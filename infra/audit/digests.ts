import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { decode } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'
import { documentsIn } from '../objects/documents.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { CorruptTrail } from './corrupt-trail.ts'
import { type Digest, Entry, SignedDigest } from './digest.ts'
import { Count } from './signed.ts'

/** Leaves of a window, in bytes at most: some five million commits an hour. */
const LEAVES_LIMIT = 1024 * 1024 * 1024

const Head = strict({ sequence: Count })

const headKey = (tenant: string): string => `audit/${tenant}/head.json`
const digestKey = (tenant: string, sequence: number): string =>
  `audit/${tenant}/${String(sequence).padStart(10, '0')}.json`
const leavesKey = ({ tenant, sequence, leavesSha256 }: Digest): string =>
  `audit/${tenant}/${String(sequence).padStart(10, '0')}-${leavesSha256}.jsonl`

/** The digests of all tenants, which are written once and never changed (on AWS, object lock sees to that). */
export type Digests = {
  readonly last: (tenant: string) => Promise<SignedDigest | null>
  /** Undefined behind the last. */
  readonly at: (tenant: string, sequence: number) => Promise<SignedDigest | null>
  /** Keeps a digest and the lines of its leaves; false when another one of this number was faster. */
  readonly add: (digest: SignedDigest, leaves: Uint8Array) => Promise<boolean>
  /** The entries of a window's commits, in order. */
  readonly leaves: (digest: Digest) => Promise<ReadonlyArray<Entry>>
}

const entriesIn = (name: string, bytes: Uint8Array): ReadonlyArray<Entry> =>
  Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const entry = decode(Entry, JSON.parse(line))
      if (E.isLeft(entry)) throw new CorruptTrail(`the leaves ${name} hold what is no entry`)
      return entry.right
    })

export const digestsIn = (objects: ConditionalObjects): Digests => {
  const documents = documentsIn(objects, (key, reason) => new CorruptTrail(`object ${key} of the trail ${reason}`))
  const at: Digests['at'] = (tenant, sequence) => documents.find(digestKey(tenant, sequence), SignedDigest)
  return {
    at,
    last: async (tenant) => {
      // The head is where to begin looking: it may lag behind.
      let last: SignedDigest | null = null
      let sequence = (await documents.find(headKey(tenant), Head))?.sequence ?? 1
      for (let found = await at(tenant, sequence); found !== null; found = await at(tenant, sequence)) {
        last = found
        sequence += 1
      }
      if (last === null && sequence > 1) throw new CorruptTrail(`digest ${sequence} of ${tenant} is gone`)
      return last
    },
    add: async (digest, leaves) => {
      const { tenant, sequence } = digest.body
      // Leaves first, under their own hash: a digest that is there has its leaves.
      await objects.put(leavesKey(digest.body), leaves)
      if (!(await documents.create(digestKey(tenant, sequence), digest))) return false
      await documents.change(headKey(tenant), Head, async (head) =>
        head !== null && head.sequence >= sequence ? null : { sequence },
      )
      return true
    },
    leaves: async (digest) => {
      const key = leavesKey(digest)
      const got = await objects.get(key, LEAVES_LIMIT)
      if (E.isLeft(got)) throw new CorruptTrail(`the leaves ${key} are missing or too large`)
      if (hash('sha256', got.right) !== digest.leavesSha256)
        throw new CorruptTrail(`the leaves ${key} are not those that were sealed`)
      return entriesIn(key, got.right)
    },
  }
}
