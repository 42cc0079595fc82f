import { encodeTime } from 'ulid'
import type { Filter } from '../../../infra/audit/export/filter.ts'
import type { Commit, StoredEvent } from '../../../infra/event-store/port.ts'
import { NO_HASH } from '../../../infra/event-store/position.ts'
import { seededRandom } from '../../../infra/feeds/chaos.ts'
import { type Export, exportOf, type Request } from './agreement-export.ts'
import { type Key, newSigner, sealedCommit, type Trail } from './agreement-trail.ts'

const START = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000

export const iso = (hours: number): string => new Date(START + hours * HOUR).toISOString()

/** What readers of lines stumble over: separators that JSON leaves as they are, a hash inside, letters of every length in UTF-8. */
const DATA: ReadonlyArray<unknown> = [
  { total: '12.50', lines: [{ sku: 'A-1', quantity: 3 }] },
  { text: 'one\u2028line\u2029still\u0085one\r\n', '\u{1f600}': 'é\ufffd', '\ufb33': '\u20ac' },
  { a: null, hash: '0'.repeat(64), z: [true, 1.5, -7, {}] },
  { nested: { empty: '', hash: 'f'.repeat(64) }, text: `,"hash":"${'1'.repeat(64)}"` },
]

const oneOf = <A>(of: readonly [A, ...A[]], at: number): A => of[at % of.length] ?? of[0]

type End = { readonly version: number; readonly hash: string }

/** Hours with so many commits each, on six streams, from START on. The same numbers make the same commits. */
const commitsOf = (tenant: string, sizes: ReadonlyArray<number>, seed: number): ReadonlyArray<Commit> => {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const ends = new Map<string, End>()
  const eventAt = (): StoredEvent => ({
    type: `Thing${below(3)}Done`,
    schemaVersion: 1,
    data: DATA[below(DATA.length)],
  })
  const commitAt = (time: number, serial: number): Commit => {
    const [type, id] = [oneOf(['order', 'invoice', 'customer'], below(3)), `n-${below(2)}`]
    const end = ends.get(`${type}/${id}`) ?? { version: 0, hash: NO_HASH }
    const events = Array.from({ length: 1 + below(3) }, eventAt)
    const commit = sealedCommit({
      stream: { tenant, type, id },
      version: end.version + 1,
      commitId: encodeTime(time) + String(serial).padStart(16, '0'),
      commandId: `command-${serial}`,
      fingerprint: below(2 ** 32)
        .toString(16)
        .padStart(64, '0'),
      actor: { subject: `user-${below(3)}`, roles: ['sales'] },
      correlationId: `request-${serial}`,
      causationId: below(2) === 0 ? null : `cause-${serial}`,
      time: new Date(time).toISOString(),
      events,
      previousHash: end.hash,
    })
    ends.set(`${type}/${id}`, { version: end.version + events.length, hash: commit.hash })
    return commit
  }
  return sizes.flatMap((size, hour) => {
    const at = (index: number): number => START + hour * HOUR + Math.floor((index * HOUR) / size)
    return Array.from({ length: size }, (_, index) => commitAt(at(index), hour * 1_000 + index))
  })
}

const SIZES = [7, 0, 0, 13, 1, 16, 0, 5]
const signers = [newSigner(), newSigner(), newSigner()] as const
/** Rotated twice. */
const KEYS: readonly [Key, ...Key[]] = [
  { validFrom: iso(-100), signer: signers[0] },
  { validFrom: iso(2.5), signer: signers[1] },
  { validFrom: iso(6.5), signer: signers[2] },
]
/** Brought by whoever verifies: one that is vouched for from both sides. */
export const TRUSTED = signers[1]
export const STRANGER = newSigner()

const TRAIL: Trail = { tenant: 'acme', keys: KEYS, commits: commitsOf('acme', SIZES, 1) }
const OF_ONE_KEY: Trail = { ...TRAIL, keys: [{ validFrom: iso(-1), signer: TRUSTED }] }

export const ALL: Request = { from: iso(0), to: iso(8), exportedAt: iso(9) }

/** `trail`: with the private keys that made the export. */
export type Sample = { readonly trail: Trail; readonly request: Request; readonly export: Export }

const sampleOf = async (request: Partial<Request>, trail = TRAIL): Promise<Sample> => {
  const whole = { ...ALL, ...request }
  return { trail, request: whole, export: await exportOf(trail, whole, START) }
}

const of = (filter: Filter, request: Partial<Request> = {}): Promise<Sample> => sampleOf({ ...request, filter })

/** Those that are tampered with hold commits of several streams in several windows. */
export const SAMPLES = {
  whole: await sampleOf({}),
  part: await sampleOf({ from: iso(0.4), to: iso(5.6) }),
  packed: await sampleOf({ format: 'csv' }),
  'of an actor': await of({ actor: 'user-1' }),
} as const satisfies { readonly [name: string]: Sample }

/** Nothing is wrong with these, either. */
export const UNTOUCHED: { readonly [name: string]: Sample } = {
  ...SAMPLES,
  'of a stream': await of({ stream: 'order/n-1' }, { format: 'csv' }),
  'of a type': await of({ type: 'Thing1Done' }, { format: 'parquet' }),
  'of a correlation': await of({ correlation: 'request-3' }, { gzip: true }),
  'of nothing that is there': await of({ type: 'NeverDone' }, { format: 'parquet' }),
  'with one commit': await sampleOf({ from: iso(4), to: iso(5) }),
  'of empty windows': await sampleOf({ from: iso(1), to: iso(3) }),
  'of a part of an empty window': await sampleOf({ from: iso(1.2), to: iso(1.3), gzip: true }),
  'that begins late': await sampleOf({ from: iso(5) }),
  'that ends before its hour is over': await sampleOf({ to: iso(7.5), exportedAt: iso(7.8) }),
  'of a single key': await sampleOf({}, OF_ONE_KEY),
  'of a tenant without commits': await sampleOf({}, { ...TRAIL, tenant: 'nobody' }),
  'of a window of many commits': await sampleOf({}, { ...OF_ONE_KEY, commits: commitsOf('acme', [300], 3) }),
}

/** The same tenant's export, as it was hours before. */
export const OLDER: Export = (
  await sampleOf({ to: iso(4), exportedAt: iso(5) }, { ...TRAIL, keys: [KEYS[0], ...KEYS.slice(1, 2)] })
).export

/** Another tenant's, kept by the same keys. */
export const OTHERS: Export = (
  await sampleOf({}, { ...TRAIL, tenant: 'globex', commits: commitsOf('globex', SIZES, 2) })
).export

const brokenAt = async (commit: Commit) => {
  const { stream, version } = commit
  const broken = sealedCommit({ ...commit, previousHash: 'f'.repeat(64) })
  const commits = TRAIL.commits.map((other) => (other === commit ? broken : other))
  const { files } = (await sampleOf({}, { ...TRAIL, commits })).export
  return { name: `${stream.tenant}/${stream.type}/${stream.id}@${version}`, files }
}

/** Sealed and exported with a commit that does not name the one before it: a stream's first, and a later one. */
export const BROKEN_CHAINS = await Promise.all(
  [TRAIL.commits.find(({ version }) => version === 1), TRAIL.commits.findLast(({ version }) => version > 1)]
    .filter((commit) => commit !== undefined)
    .map(brokenAt),
)
