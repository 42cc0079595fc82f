import * as E from 'fp-ts/lib/Either.js'
import { BEGINNING, chainFault, endBehind, type StreamEnd } from '../../event-store/chain.ts'
import { type Commit, CorruptCommit } from '../../event-store/port.ts'
import type { CommitScan } from '../../event-store/scan.ts'
import type { TimeIndex } from '../../event-store/time-index.ts'
import { CorruptTrail } from '../corrupt-trail.ts'
import { type Digest, entryOf, nameOf } from '../digest.ts'
import type { Digests } from '../digests.ts'
import type { SignedKey } from '../key-history.ts'
import { leafHash, merkleTree } from '../merkle.ts'
import { classified } from './classify.ts'
import { digestChain } from './digests.ts'
import { type Finding, Found } from './finding.ts'
import { trustedKeys } from './keys.ts'

export type LiveDeps = {
  readonly index: TimeIndex
  readonly scan: CommitScan
  readonly digests: Digests
  readonly history: () => Promise<ReadonlyArray<SignedKey>>
}

export type LiveRequest = {
  readonly tenant: string
  /** The public key that is trusted, PEM. */
  readonly trusted: string
  readonly onCommit: () => void
  readonly signal: AbortSignal
}

export type LiveVerified = {
  readonly findings: ReadonlyArray<Finding>
  readonly digests: number
  /** Sealed ones, and those behind the last digest. */
  readonly commits: number
}

const corrupt = ({ stream, version, message }: CorruptCommit): Finding => ({
  kind: 'altered',
  where: nameOf({ stream, version }),
  message,
})

const assertLeaves = async (digests: Digests, digest: Digest) => {
  const leaves = await digests.leaves(digest)
  const tree = merkleTree()
  for (const { hash } of leaves) tree.add(leafHash(Buffer.from(hash, 'hex')))
  if (leaves.length !== digest.commits || Buffer.from(tree.root()).toString('hex') !== digest.root)
    throw new Found('digest', `digest ${digest.sequence}`, 'does not have the root of its leaves')
  return leaves
}

/** What of a window is not in the store as it was sealed, in the order of time. */
const windowFindings = async (
  { index, digests }: LiveDeps,
  digest: Digest,
  request: LiveRequest,
): Promise<ReadonlyArray<Finding>> => {
  const leaves = await assertLeaves(digests, digest)
  const found: Commit[] = []
  const range = { tenant: digest.tenant, from: new Date(digest.from), to: new Date(digest.to) }
  try {
    for await (const commit of index.commits(range)) {
      request.signal.throwIfAborted()
      found.push(commit)
      request.onCommit()
    }
  } catch (error) {
    if (error instanceof CorruptCommit) return [corrupt(error)]
    throw error
  }
  const lines = found
    .map(entryOf)
    .map(({ hash, stream, version }) => ({ named: hash, recomputed: hash, stream, version }))
  return classified(leaves, lines)
}

type Tail = { readonly key: string; readonly end: StreamEnd }

/** Follows the hashes of each stream, which come one after the other, and counts the commits of each window. */
const tableFindings = async (
  { scan }: LiveDeps,
  windows: ReadonlyArray<Digest>,
  request: LiveRequest,
): Promise<{ readonly findings: ReadonlyArray<Finding>; readonly commits: number }> => {
  const counts = new Map(windows.map(({ to }) => [to, 0]))
  const ends = windows.map(({ to }) => to)
  const findings: Finding[] = []
  let commits = 0
  let tail: Tail = { key: '', end: BEGINNING }
  const follow = (commit: Commit): void => {
    const { stream, version, time } = commit
    const key = `${stream.type}/${stream.id}`
    if (tail.key !== key) tail = { key, end: BEGINNING }
    const fault = chainFault(tail.end, commit)
    if (fault === 'gap')
      findings.push({
        kind: 'missing',
        where: nameOf({ stream, version: tail.end.version + 1 }),
        message: 'is not in the table',
      })
    else if (fault === 'chain')
      findings.push({
        kind: 'chain',
        where: nameOf({ stream, version }),
        message: 'does not name the hash of the commit before it',
      })
    tail = { key, end: endBehind(commit) }
    const end = ends.find((each) => time < each)
    if (end !== undefined) counts.set(end, (counts.get(end) ?? 0) + 1)
    commits += 1
  }
  for await (const page of scan({ segment: 0, of: 1, tenant: request.tenant })) {
    request.signal.throwIfAborted()
    for (const { commit } of page.commits) {
      if (E.isLeft(commit)) findings.push(corrupt(commit.left))
      else follow(commit.right)
    }
  }
  for (const { sequence, to, commits: sealed } of windows) {
    const count = counts.get(to) ?? 0
    if (count !== sealed)
      findings.push({
        kind: 'digest',
        where: `digest ${sequence}`,
        message: `was sealed with ${sealed} commits, the table has ${count} of its time`,
      })
  }
  return { findings, commits }
}

const chainOf = async (
  { digests, history }: LiveDeps,
  { tenant, trusted }: LiveRequest,
): Promise<ReadonlyArray<Digest>> => {
  const follow = digestChain(trustedKeys(await history(), trusted), tenant)
  const last = (await digests.last(tenant))?.body.sequence ?? 0
  const windows: Digest[] = []
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const digest = await digests.at(tenant, sequence)
    if (digest === null) throw new Found('digest', `digest ${sequence}`, 'is not there')
    follow(digest)
    windows.push(digest.body)
  }
  return windows
}

/**
 * Checks the event store itself against the digests: every window as the time index gives it, then every item of the tenant in the table,
 * stream by stream, those behind the last digest by their hashes alone. Holds one window, and the digests. Rejects with `EventStoreFault` and
 * `ObjectStorageFault` when an engine is away.
 */
export const verifyLive = async (deps: LiveDeps, request: LiveRequest): Promise<LiveVerified> => {
  let windows: ReadonlyArray<Digest> = []
  const findings: Finding[] = []
  let commits = 0
  try {
    windows = await chainOf(deps, request)
    for (const digest of windows) findings.push(...(await windowFindings(deps, digest, request)))
    const table = await tableFindings(deps, windows, request)
    findings.push(...table.findings)
    commits = table.commits
  } catch (error) {
    if (error instanceof Found) findings.push(error.finding)
    else if (error instanceof CorruptTrail) findings.push({ kind: 'digest', where: 'trail', message: error.message })
    else throw error
  }
  return { findings, digests: windows.length, commits }
}
