import * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { decode } from '../../schemas/decode.ts'
import { fakeArm, fakeCase } from './fake-case.ts'
import { machineWith } from './machine.ts'
import { type Report, remarksOf, resultsOf, tableOf } from './report.ts'
import { runCase } from './run.ts'

const Document = t.strict({
  suite: t.string,
  machine: t.UnknownRecord,
  results: t.array(
    t.intersection([
      t.strict({
        case: t.string,
        arm: t.string,
        unit: t.string,
        min: t.number,
        median: t.number,
        max: t.number,
      }),
      t.partial({
        p50Ms: t.number,
        p99Ms: t.number,
        requestsPerOp: t.number,
        writeUnitsPerOp: t.number,
        rssMb: t.number,
        ratio: t.strict({ to: t.string, value: t.number }),
        remarks: t.array(t.string),
      }),
    ]),
  ),
})

/** 1..100 ms, in an order that is not sorted. */
const latenciesMs = Array.from({ length: 100 }, (_, nth) => ((nth * 37) % 100) + 1)

const measured = () => {
  const bare = fakeArm('bare', [9_000, 1_000, 500, 250])
  const daybook = {
    name: 'daybook',
    requestsPerOp: 2,
    writeUnitsPerOp: 3.00049,
    rssMb: () => 128.4,
    remarks: () => ['it writes twice', 'it is cold'],
    round: async () => ({ operations: 100, milliseconds: 1_000, latenciesMs }),
  }
  return runCase(fakeCase(bare, daybook), { rounds: 3, signal: new AbortController().signal })
}

describe('the report of a run', () => {
  it('gives per arm the rates of its rounds, the latencies of all operations and the ratio of medians', async () => {
    expect(resultsOf(await measured())).toEqual([
      { case: 'a-case', arm: 'bare', unit: 'things/s', min: 100, median: 200, max: 400 },
      {
        case: 'a-case',
        arm: 'daybook',
        unit: 'things/s',
        min: 100,
        median: 100,
        max: 100,
        p50Ms: 50,
        p95Ms: 95,
        p99Ms: 99,
        requestsPerOp: 2,
        writeUnitsPerOp: 3,
        rssMb: 128,
        ratio: { to: 'bare', value: 0.5 },
        remarks: ['it writes twice', 'it is cold'],
      },
    ])
  })

  it('is JSON of the shape that readers rely on', async () => {
    const results = resultsOf(await measured())
    const report: Report = { suite: 'e2e', quick: true, machine: machineWith({ postgres: '18' }), results }
    const document: unknown = JSON.parse(JSON.stringify(report))
    expect(decode(Document, document)).toMatchObject({ _tag: 'Right', right: { suite: 'e2e' } })
    expect(report.machine.cores).toBeGreaterThan(0)
  })

  it('is a table with a line for each arm', async () => {
    const lines = tableOf(resultsOf(await measured()))
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^case +arm +min +median +max +unit/)
    expect(lines[0]).toMatch(/req\/op +wu\/op +MiB +ratio$/)
    expect(lines[2]).toMatch(/daybook .* 2 +3 +128 +0\.5$/)
  })

  it('says below the table what arms had to remark', async () => {
    const remarks = remarksOf(resultsOf(await measured()))
    expect(remarks).toBe('a-case daybook: it writes twice\na-case daybook: it is cold\n')
  })
})
