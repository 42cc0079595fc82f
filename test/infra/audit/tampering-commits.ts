import { jcs } from '../../../infra/event-store/canonical.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import type { Sample } from './agreement-samples.ts'
import { sealedCommit, sha256 } from './agreement-trail.ts'
import {
  at,
  commitsFile,
  contentOf,
  type Draws,
  flipped,
  inserted,
  linesOf,
  nameOf,
  removed,
  replaced,
  type Tampered,
  type Tampering,
  twoPlaces,
  withContent,
  withLines,
} from './tampering.ts'

type Verdict = Pick<Tampered, 'findings' | 'names'>

const finding = (kind: string, ...names: ReadonlyArray<string>): Verdict => ({ findings: [kind], names })

/** A tampering with the lines of the commits alone. */
const withCommits = ({ export: { files } }: Sample, lines: ReadonlyArray<string>, verdict: Verdict): Tampered => ({
  files: withLines(files, commitsFile(files), lines),
  ...verdict,
})

const withCommitAt = (sample: Sample, place: number, line: string, verdict: Verdict): Tampered =>
  withCommits(sample, replaced(sample.export.commits.map(jcs), place, line), verdict)

const isOfStream =
  ({ stream }: Commit) =>
  (other: Commit): boolean =>
    jcs(other.stream) === jcs(stream)

type Edit = (commit: Commit, draws: Draws) => Commit

/** Leave the commit in its place. */
const EDITS: ReadonlyArray<Edit> = [
  (commit) => ({ ...commit, commandId: `${commit.commandId}0` }),
  (commit) => ({ ...commit, correlationId: '' }),
  (commit) => ({ ...commit, causationId: commit.causationId === null ? 'cause' : null }),
  (commit) => ({ ...commit, fingerprint: sha256(commit.fingerprint) }),
  (commit) => ({ ...commit, actor: { ...commit.actor, subject: 'nobody' } }),
  (commit) => ({ ...commit, actor: { ...commit.actor, roles: [...commit.actor.roles, 'admin'] } }),
  (commit) => ({ ...commit, time: new Date(Date.parse(commit.time) + 1).toISOString() }),
  (commit) => ({ ...commit, commitId: `${commit.commitId.slice(0, -1)}Z` }),
  (commit) => ({ ...commit, previousHash: sha256(commit.previousHash) }),
  (commit) => ({ ...commit, events: [] }),
  (commit) => ({ ...commit, events: [...commit.events, ...commit.events] }),
  (commit) => ({ ...commit, events: commit.events.map((event) => ({ ...event, type: `${event.type}Not` })) }),
  (commit) => ({ ...commit, events: commit.events.map((event) => ({ ...event, data: { total: '0.00' } })) }),
  (commit) => ({ ...commit, events: commit.events.map((event) => ({ ...event, schemaVersion: 2 })) }),
]

/** Give the commit a place where there is none. */
const MOVES: ReadonlyArray<Edit> = [
  (commit) => ({ ...commit, version: commit.version + 1_000 }),
  (commit) => ({ ...commit, stream: { ...commit.stream, id: 'n-9' } }),
  (commit) => ({ ...commit, stream: { ...commit.stream, type: 'refund' } }),
  (commit) => ({ ...commit, stream: { ...commit.stream, tenant: 'globex' } }),
]

/** What has to be said where of the exported commits only some are left. */
const lack = (commits: ReadonlyArray<Commit>, isLeft: (place: number) => boolean): Verdict => {
  const first = commits.findIndex((_, place) => !isLeft(place))
  const commit = at(commits, first)
  const isLater = (other: Commit, place: number): boolean => place > first && isOfStream(commit)(other)
  if (commits.some((other, place) => isLater(other, place) && isLeft(place))) return finding('missing', nameOf(commit))
  return finding('truncated', nameOf(commit))
}

const keeping = (sample: Sample, isLeft: (place: number) => boolean): Tampered => {
  const { commits } = sample.export
  const left = commits.filter((_, place) => isLeft(place))
  return withCommits(sample, left.map(jcs), lack(commits, isLeft))
}

/** A line with a right hash that holds no commit. */
const hashed = (content: string): string =>
  `{"content":${jcs(content)},"hash":"${sha256(`{"content":${jcs(content)}}`)}"}`

const GARBAGE: ReadonlyArray<string> = [
  ...['', ' ', 'null', '{}', '[', '{"hash":1}', ',"hash":"', 'x'.repeat(1_000_000), '\0\0\0'],
  ...['['.repeat(100_000), `,"hash":"${'0'.repeat(64)}"`, `{"a":1e999,"hash":"${'A'.repeat(64)}"}`],
]

const respelt = (line: string): ReadonlyArray<string> => [
  line.replace('{', '{ '),
  `${line} `,
  `${line}\r`,
  `\ufeff${line}`,
  line.replace('"actor"', '"\\u0061ctor"'),
  line.replace('"version":', '"version":0'),
  line.replace('"version":', '"version":7,"version":'),
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse())),
]

export const TAMPERINGS_WITH_COMMITS: { readonly [kind: string]: Tampering } = {
  'a byte of the commits is flipped': ({ export: { files, commits } }, { below }) => {
    const name = commitsFile(files)
    const content = contentOf(files, name)
    const byte = below(content.length)
    const line = content.subarray(0, byte).toString('latin1').split('\n').length - 1
    const joined = content[byte] === 0x0a ? commits.slice(line + 1, line + 2) : []
    const names = [at(commits, line), ...joined].map(nameOf)
    return { files: withContent(files, name, flipped(content, byte, 1 + below(255))), findings: ['altered'], names }
  },
  'a commit is edited': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const commit = at(sample.export.commits, place)
    const edited = draws.oneOf([...EDITS, ...MOVES])(commit, draws)
    return withCommitAt(sample, place, jcs(edited), finding('altered', nameOf(commit)))
  },
  'a commit is edited and hashed anew': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const commit = at(sample.export.commits, place)
    const edited = sealedCommit(draws.oneOf(EDITS)(commit, draws))
    return withCommitAt(sample, place, jcs(edited), finding('altered', nameOf(commit)))
  },
  'a commit is edited, and the chain behind it linked anew': (sample, draws) => {
    const commits = [...sample.export.commits]
    const place = draws.below(commits.length)
    const commit = at(commits, place)
    let last = sealedCommit(draws.oneOf(EDITS)(commit, draws))
    commits[place] = last
    for (const [later, other] of commits.entries()) {
      if (later <= place || !isOfStream(commit)(other)) continue
      last = sealedCommit({ ...other, previousHash: last.hash })
      commits[later] = last
    }
    return withCommits(sample, commits.map(jcs), finding('altered', nameOf(commit)))
  },
  'a commit is given another place': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const moved = sealedCommit(draws.oneOf(MOVES)(at(sample.export.commits, place), draws))
    return withCommitAt(sample, place, jcs(moved), finding('inserted', nameOf(moved)))
  },
  'a hash is edited': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const commit = at(sample.export.commits, place)
    return withCommitAt(
      sample,
      place,
      jcs({ ...commit, hash: sha256(commit.hash) }),
      finding('altered', nameOf(commit)),
    )
  },
  'a commit names the hash of another': (sample, draws) => {
    const [one, two] = twoPlaces(sample.export.commits.length, draws)
    const [place, other] = draws.oneOf([[one, two] as const, [two, one] as const])
    const { hash, ...named } = at(sample.export.commits, other)
    const line = jcs({ ...at(sample.export.commits, place), hash })
    return withCommitAt(sample, place, line, finding('altered', nameOf(named)))
  },
  'a field is taken away or added': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const commit = at(sample.export.commits, place)
    const { [draws.oneOf(Object.keys(commit))]: _, ...lacking } = Object.fromEntries(Object.entries(commit))
    const line = jcs(draws.oneOf([lacking, { ...commit, note: 'x' }]))
    return withCommitAt(sample, place, line, finding('altered', nameOf(commit)))
  },
  'a commit is spelt otherwise': (sample, draws) => {
    const place = draws.below(sample.export.commits.length)
    const commit = at(sample.export.commits, place)
    return withCommitAt(sample, place, draws.oneOf(respelt(jcs(commit))), finding('altered', nameOf(commit)))
  },
  'a letter is replaced by a byte that is none': ({ export: { files, commits } }, { oneOf }) => {
    const lines = linesOf(files, commitsFile(files))
    const [line, place] = oneOf(
      [...lines.entries()].filter(([, text]) => text.includes('\ufffd')).map(([p, l]) => [l, p] as const),
    )
    const [before = '', ...behind] = line.split('\ufffd')
    const spoilt = Buffer.concat([Buffer.from(before), Buffer.of(0xff), Buffer.from(behind.join('\ufffd'))])
    const parts = lines.flatMap((text, other) => [other === place ? spoilt : Buffer.from(text), Buffer.from('\n')])
    const content = withContent(files, commitsFile(files), Buffer.concat(parts))
    return { files: content, ...finding('altered', nameOf(at(commits, place))) }
  },
  'every line ends as on Windows': (sample) => {
    const lines = sample.export.commits.map((commit) => `${jcs(commit)}\r`)
    return withCommits(sample, lines, finding('altered', nameOf(at(sample.export.commits, 0))))
  },
  'a line of something else is set in': (sample, { below, oneOf }) => {
    const { commits } = sample.export
    const place = below(commits.length + 1)
    const expected = commits[place]
    const lines = inserted(commits.map(jcs), place, oneOf(GARBAGE))
    return withCommits(sample, lines, {
      findings: ['altered'],
      names: expected === undefined ? null : [nameOf(expected)],
    })
  },
  'a line of something else is set in, with a hash': (sample, { below, oneOf }) => {
    const lines = inserted(
      sample.export.commits.map(jcs),
      below(sample.export.commits.length + 1),
      hashed(oneOf(GARBAGE)),
    )
    return withCommits(sample, lines, { findings: ['inserted'], names: null })
  },
  'a commit is removed': (sample, { below }) => {
    const place = below(sample.export.commits.length)
    return keeping(sample, (other) => other !== place)
  },
  "a stream's last commit is removed": (sample, { oneOf }) => {
    const { commits } = sample.export
    const last = oneOf(commits.filter((commit) => commits.findLast(isOfStream(commit)) === commit))
    return keeping(sample, (place) => commits[place] !== last)
  },
  'the last commit of all is removed': (sample) => keeping(sample, (place) => place < sample.export.commits.length - 1),
  'several commits are removed': (sample, { below }) => {
    const places = new Set(Array.from({ length: 2 + below(4) }, () => below(sample.export.commits.length)))
    return keeping(sample, (place) => !places.has(place))
  },
  'a stream is truncated': (sample, { oneOf }) => {
    const { commits } = sample.export
    const from = oneOf(commits)
    return keeping(
      sample,
      (place) => !isOfStream(from)(at(commits, place)) || at(commits, place).version < from.version,
    )
  },
  'the commits end early': (sample, { below }) => {
    const end = below(sample.export.commits.length)
    return keeping(sample, (place) => place < end)
  },
  'the commits end early, within one': ({ export: { files, commits } }, { below }) => {
    const content = contentOf(files, commitsFile(files))
    const end = below(content.length)
    const line = content.subarray(0, end).toString('latin1').split('\n').length - 1
    const cut = content.subarray(0, end)
    const verdict = end === 0 || cut.at(-1) === 0x0a ? lack(commits, (place) => place < line) : null
    const isWhole = content[end] === 0x0a
    const last = finding('altered', nameOf(at(commits, line)))
    const inside = isWhole
      ? line === commits.length - 1
        ? finding('file', commitsFile(files))
        : lack(commits, (p) => p <= line)
      : last
    return { files: withContent(files, commitsFile(files), cut), ...(verdict ?? inside) }
  },
  'a forged commit is set in': (sample, draws) => {
    const { commits } = sample.export
    const model = draws.oneOf(commits)
    const forged = sealedCommit(draws.oneOf(MOVES)(model, draws))
    const lines = inserted(commits.map(jcs), draws.below(commits.length + 1), jcs(forged))
    return withCommits(sample, lines, finding('inserted', nameOf(forged)))
  },
  'a copy of a commit is set in behind it': (sample, { below }) => {
    const { commits } = sample.export
    const place = below(commits.length)
    const copied = at(commits, place)
    const lines = inserted(commits, place + 1 + below(commits.length - place), copied)
    return withCommits(sample, lines.map(jcs), finding('inserted', nameOf(copied)))
  },
  'a copy of a commit is set in ahead of it': (sample, draws) => {
    const { commits } = sample.export
    const [place, later] = twoPlaces(commits.length, draws)
    const lines = inserted(commits, place, at(commits, later))
    return withCommits(sample, lines.map(jcs), finding('reordered', nameOf(at(commits, place))))
  },
  'two commits change places': (sample, draws) => {
    const { commits } = sample.export
    const [place, later] = twoPlaces(commits.length, draws)
    const lines = replaced(replaced(commits, place, at(commits, later)), later, at(commits, place))
    return withCommits(sample, lines.map(jcs), finding('reordered', nameOf(at(commits, place))))
  },
  'a commit is moved': (sample, draws) => {
    const { commits } = sample.export
    const [place, later] = twoPlaces(commits.length, draws)
    const forth = inserted(removed(commits, place), later, at(commits, place))
    const back = inserted(removed(commits, later), place, at(commits, later))
    return withCommits(sample, draws.oneOf([forth, back]).map(jcs), finding('reordered', nameOf(at(commits, place))))
  },
  'the commits stand backwards': (sample) => {
    const first = nameOf(at(sample.export.commits, 0))
    return withCommits(sample, sample.export.commits.map(jcs).reverse(), finding('reordered', first))
  },
}
