import { describe, expect, it } from 'vitest'
import { fakeArm, fakeCase } from './fake-case.ts'
import { runCase } from './run.ts'
import { timedEach } from './stopwatch.ts'

const signal = new AbortController().signal

describe('a case', () => {
  it('runs its arms in turns, and the first turn does not count', async () => {
    const turns: string[] = []
    const { arms } = await runCase(
      fakeCase(fakeArm('bare', [9_000, 1, 2, 3], turns), fakeArm('daybook', [9_000, 4, 5, 6], turns)),
      { rounds: 3, signal },
    )
    expect(turns).toEqual(['bare', 'daybook', 'bare', 'daybook', 'bare', 'daybook', 'bare', 'daybook'])
    expect(arms.map(({ rounds }) => rounds.map(({ milliseconds }) => milliseconds))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  it('closes what it opened, also when a round fails', async () => {
    let closed = false
    const failing = {
      ...fakeCase(),
      prepare: async (cleanUp: AsyncDisposableStack) => {
        cleanUp.defer(() => {
          closed = true
        })
        return [{ name: 'bare', round: () => Promise.reject(new Error('the engine is away')) }]
      },
    }
    await expect(runCase(failing, { rounds: 3, signal })).rejects.toThrow('the engine is away')
    expect(closed).toBe(true)
  })

  it('stops between two rounds when it is told to', async () => {
    const turns: string[] = []
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(runCase(fakeCase(fakeArm('bare', [1], turns)), { rounds: 3, signal: stopped })).rejects.toThrow(
      'stopped',
    )
    expect(turns).toEqual([])
  })
})

describe('a round of operations timed singly', () => {
  it('does each input once, never more at a time than its width', async () => {
    const seen: number[] = []
    let underWay = 0
    let most = 0
    const { operations, latenciesMs } = await timedEach([1, 2, 3, 4, 5, 6, 7], 3, async (input) => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise(setImmediate)
      underWay -= 1
      seen.push(input)
    })
    expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(most).toBe(3)
    expect(operations).toBe(7)
    expect(latenciesMs).toHaveLength(7)
  })
})
