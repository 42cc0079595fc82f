import { hash } from 'node:crypto'
import { NO_HASH } from '../event-store/position.ts'
import type { TimeIndex } from '../event-store/time-index.ts'
import { ulidTime } from '../ulids.ts'
import { type Digest, type Entry, entryOf, lineOfEntry, type SignedDigest } from './digest.ts'
import type { Digests } from './digests.ts'
import { leafHash, merkleTree } from './merkle.ts'
import { documentHash, signed } from './signed.ts'
import type { Signer } from './signer.ts'

export type SealDeps = {
  readonly index: TimeIndex
  readonly digests: Digests
  readonly signer: () => Promise<Signer>
  readonly clock: () => Date
  /** No commit is older: where the first window of every tenant begins. */
  readonly genesis: () => Promise<Date>
  /** Of a window, in milliseconds; windows end at whole multiples of it. Default: an hour. */
  readonly windowMs?: number
}

const HOUR_MS = 3_600_000

type Span = { readonly tenant: string; readonly from: Date; readonly to: Date }

/** The end of the window in which a moment lies. */
const endOf = (time: number, windowMs: number): number => time - (time % windowMs) + windowMs

/** The first window reaches from the beginning of all time to the end of the hour of the tenant's first commit. */
const endOfFirst = async (deps: SealDeps, span: Span, windowMs: number): Promise<Date> => {
  for await (const { commitId } of deps.index.commits(span)) {
    return new Date(Math.min(endOf(ulidTime(commitId), windowMs), span.to.getTime()))
  }
  return span.to
}

const read = async ({ index }: SealDeps, span: Span) => {
  const tree = merkleTree()
  const lines: string[] = []
  let [first, last]: [Entry | null, Entry | null] = [null, null]
  for await (const commit of index.commits(span)) {
    last = entryOf(commit)
    first ??= last
    lines.push(lineOfEntry(last))
    tree.add(leafHash(Buffer.from(commit.hash, 'hex')))
  }
  const leaves = Buffer.from(lines.join(''), 'utf8')
  return { leaves, commits: lines.length, root: Buffer.from(tree.root()).toString('hex'), first, last }
}

/** Seals one window behind `previous`. Resolves to what stands there then: this digest, or that of somebody faster. */
const sealWindow = async (deps: SealDeps, span: Span, previous: SignedDigest | null): Promise<SignedDigest | null> => {
  const { leaves, ...found } = await read(deps, span)
  const sequence = (previous?.body.sequence ?? 0) + 1
  const digest: Digest = {
    format: 'daybook.digest.1',
    tenant: span.tenant,
    sequence,
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    // The signer first: a key that is made only now must not be younger than what it signs.
    sealedAt: await deps.signer().then(() => deps.clock().toISOString()),
    ...found,
    leavesSha256: hash('sha256', leaves),
    previousDigest: previous === null ? NO_HASH : documentHash(previous.body),
  }
  const document = await signed(digest, [await deps.signer()])
  return (await deps.digests.add(document, leaves)) ? document : deps.digests.at(span.tenant, sequence)
}

/** The next window that can be sealed, or undefined. What may still get commits is not sealed (docs/decisions/0012). */
const nextWindow = async (
  deps: SealDeps,
  tenant: string,
  previous: SignedDigest | null,
  through: Date | undefined,
): Promise<Span | undefined> => {
  const from = previous === null ? await deps.genesis() : new Date(previous.body.to)
  const windowMs = deps.windowMs ?? HOUR_MS
  const most = through ?? deps.clock()
  if (most.getTime() <= from.getTime()) return undefined
  const complete = deps.index.commits({ tenant, from, to: most }).completeTo
  const span = { tenant, from, to: complete }
  if (complete.getTime() <= from.getTime()) return undefined
  const end =
    previous === null
      ? await endOfFirst(deps, span, windowMs)
      : new Date(Math.min(endOf(from.getTime(), windowMs), complete.getTime()))
  const isWhole = end.getTime() % windowMs === 0
  return isWhole || end.getTime() === through?.getTime() ? { tenant, from, to: end } : undefined
}

/**
 * Seals every window of a tenant that is over; with `through`, also the part until then of the one that is not,
 * as soon as that can get no more commits. Several may seal the same
 * tenant at once. Answers the last digest, or null when nothing could be sealed yet.
 */
export const seal = async (deps: SealDeps, tenant: string, through?: Date): Promise<SignedDigest | null> => {
  let last = await deps.digests.last(tenant)
  for (;;) {
    const span = await nextWindow(deps, tenant, last, through)
    if (span === undefined) return last
    last = await sealWindow(deps, span, last)
  }
}
