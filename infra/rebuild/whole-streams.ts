import * as E from 'fp-ts/lib/Either.js'
import { type Step, stepOf } from '../../projections/pending.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import type { StreamName } from '../event-store/port.ts'
import type { Scanned, ScanPosition } from '../event-store/scan.ts'

/** A stream with all of its commits that a segment has, and where the last of them is. */
export type WholeStream = {
  readonly stream: StreamName
  readonly commits: ReadonlyArray<Scanned>
  readonly last: ScanPosition
}

export type WholeStreams = {
  /** The next commit of the segment. */
  readonly take: (scanned: Scanned) => void
  /** The segment has no more commits. */
  readonly end: () => void
}

/** Parts a segment's commits, which come stream by stream, into whole streams. @param close gets each as soon as it is complete. */
export const wholeStreams = (close: (whole: WholeStream) => void): WholeStreams => {
  let open: { readonly key: string; readonly commits: Scanned[] } | undefined
  const end = (): void => {
    const last = open?.commits.at(-1)
    if (open === undefined || last === undefined) return
    const { commits } = open
    open = undefined
    close({ stream: last.stream, commits, last: { stream: last.stream, version: last.version } })
  }
  return {
    take: (scanned) => {
      const key = partitionKeyOf(scanned.stream)
      if (open?.key !== key) end()
      open ??= { key, commits: [] }
      open.commits.push(scanned)
    },
    end,
  }
}

/** What a whole stream does to a view; undefined when there is a gap, or a commit that cannot be trusted, decoded or projected. */
export const stepsOf = (
  model: ReadModel,
  decode: RecordedEventsOf,
  { commits }: WholeStream,
): ReadonlyArray<Step> | undefined => {
  const steps: Step[] = []
  for (const { version, commit } of commits) {
    if (E.isLeft(commit) || version !== (steps.at(-1)?.to ?? 0) + 1) return undefined
    const step = stepOf(model, commit.right, decode)
    if (E.isLeft(step)) return undefined
    steps.push(step.right)
  }
  return steps
}
