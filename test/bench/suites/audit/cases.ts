import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as t from 'io-ts'
import type { Arm, Case } from '../../bench.ts'
import { startChild } from '../../child.ts'
import { timed } from '../../stopwatch.ts'

const run = promisify(execFile)

/** As package.json starts `daybook`. */
const FLAGS = ['--max-semi-space-size=8']

export type Trail = {
  readonly url: string
  /** Where the digests, keys and exports go. */
  readonly dir: string
  /** Commits of the trail. */
  readonly count: number
  /** Resolves when they are there and certain. */
  readonly written: () => Promise<void>
}

const Done = t.type({ commits: t.number, rssMb: t.number })

const auditing = async ({ url, dir, count, written }: Trail, cleanUp: AsyncDisposableStack) => {
  await written()
  await mkdir(dir, { recursive: true })
  const child = await startChild(new URL('./auditing-process.ts', import.meta.url), [url, dir], cleanUp, FLAGS)
  let rssMb: number | undefined
  return {
    rssMb: () => rssMb,
    ask: async (task: object): Promise<void> => {
      const done = await child(task)
      if (!Done.is(done) || done.commits !== count) throw new Error(`the trail does not have ${count} commits`)
      rssMb = done.rssMb
    },
  }
}

/** `gzip` and `sha256sum` of the lines that an export has, each for itself, as somebody would who has nothing else. */
const bare = (count: number, file: string): Arm => ({
  name: 'bare',
  round: () =>
    timed(count, async () => {
      await run('sh', ['-c', 'gzip -c "$1" > "$1.packed" && sha256sum "$1"', 'sh', file])
    }),
})

/** Commits a second from the event table into an export of everything, with its proofs and its signature. */
export const exportCase = (name: string, format: 'jsonl' | 'parquet', trail: Trail): Case => ({
  name,
  unit: 'commits/s',
  prepare: async (cleanUp) => {
    const { rssMb, ask } = await auditing(trail, cleanUp)
    const lines = join(trail.dir, `${name}-lines`)
    await ask({ do: 'export', format: 'jsonl', dir: lines })
    const out = join(trail.dir, name)
    return [
      {
        name: 'daybook',
        rssMb,
        round: async () => {
          await rm(out, { recursive: true, force: true })
          return timed(trail.count, () => ask({ do: 'export', format, dir: out }))
        },
      },
      bare(trail.count, join(lines, 'commits.jsonl')),
    ]
  },
})

/** Commits a second of an export that are verified. */
export const verifyCase = (trail: Trail): Case => ({
  name: 'verify',
  unit: 'commits/s',
  prepare: async (cleanUp) => {
    const exporting = await auditing(trail, cleanUp)
    const [dir, lines] = [join(trail.dir, 'verify'), join(trail.dir, 'verify-lines')]
    await exporting.ask({ do: 'export', format: 'jsonl', dir })
    await exporting.ask({ do: 'export', format: 'jsonl', dir: lines })
    const { rssMb, ask } = await auditing(trail, cleanUp)
    return [
      { name: 'daybook', rssMb, round: () => timed(trail.count, () => ask({ do: 'verify', dir })) },
      bare(trail.count, join(lines, 'commits.jsonl')),
    ]
  },
})
