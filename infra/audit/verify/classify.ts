import { type Entry, nameOf } from '../digest.ts'
import type { Finding } from './finding.ts'
import { type Hashes, hashesOf, placedOf } from './line.ts'

/** A line of the commits, as far as it can be understood. */
export type Line = Partial<Hashes> & { readonly stream?: Entry['stream']; readonly version?: number }

export const lineOf = (text: string): Line => {
  const placed = placedOf(text)
  return { ...hashesOf(text), ...(placed && { stream: placed.stream, version: placed.version }) }
}

const streamKey = ({ tenant, type, id }: Entry['stream']): string => `${tenant}/${type}/${id}`

/** The last version of each stream that any line has. */
const lastVersions = (lines: ReadonlyArray<Line>): ReadonlyMap<string, number> => {
  const last = new Map<string, number>()
  for (const { stream, version } of lines) {
    if (stream === undefined || version === undefined) continue
    last.set(streamKey(stream), Math.max(version, last.get(streamKey(stream)) ?? 0))
  }
  return last
}

const isAt = ({ stream, version }: Line, entry: Entry | undefined): boolean =>
  stream !== undefined &&
  entry !== undefined &&
  version === entry.version &&
  streamKey(stream) === streamKey(entry.stream)

const nameOfLine = ({ stream, version }: Line, index: number): string =>
  stream !== undefined && version !== undefined ? nameOf({ stream, version }) : `line ${index + 1}`

/** Tells altered, inserted, reordered, missing and truncated apart, by the rules of docs/audit.md. */
export const classified = (entries: ReadonlyArray<Entry>, lines: ReadonlyArray<Line>): ReadonlyArray<Finding> => {
  const positions = new Map(entries.map(({ hash }, position) => [hash, position]))
  const lastLine = new Map(lines.map(({ named }, index) => [named, index]))
  const last = lastVersions(lines)
  const streamEnds = new Map(entries.map((entry) => [streamKey(entry.stream), entry.version]))
  const findings: Finding[] = []
  let at = 0

  const gone = (entry: Entry): void => {
    const key = streamKey(entry.stream)
    const message = 'is not there'
    findings.push(
      (last.get(key) ?? 0) > entry.version
        ? { kind: 'missing', where: nameOf(entry), message }
        : {
            kind: 'truncated',
            where: nameOf(entry),
            message: `${message}, nor is any later commit of its stream: the last one exported is at version ${streamEnds.get(key)}`,
          },
    )
  }

  for (const [index, line] of lines.entries()) {
    const { named, recomputed } = line
    for (;;) {
      const entry = entries[at]
      const known = named === undefined ? undefined : positions.get(named)
      if (named === undefined || recomputed !== named) {
        const victim = (known === undefined ? undefined : entries[known]) ?? entry
        const where = victim ? nameOf(victim) : `line ${index + 1}`
        findings.push({ kind: 'altered', where, message: 'does not have the hash that it names' })
        if (victim === entry) at += 1
      } else if (named === entry?.hash) {
        at += 1
      } else if (known === undefined && isAt(line, entry)) {
        findings.push({ kind: 'altered', where: nameOfLine(line, index), message: 'is another commit than was sealed' })
        at += 1
      } else if (known === undefined || known < at) {
        const message = known === undefined ? 'was never sealed' : 'is there again'
        findings.push({ kind: 'inserted', where: nameOfLine(line, index), message })
      } else if (entry !== undefined) {
        if ((lastLine.get(entry.hash) ?? -1) > index) {
          findings.push({ kind: 'reordered', where: nameOf(entry), message: 'stands later than it was sealed' })
          return findings
        }
        gone(entry)
        at += 1
        continue
      }
      break
    }
  }
  for (const entry of entries.slice(at)) gone(entry)
  return findings
}
