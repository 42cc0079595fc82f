import { expect, test } from 'vitest'
import { assumeEmpty } from '../../commands/load.ts'
import { warmStreams } from '../../commands/warm-streams.ts'
import { emptyStream } from '../../infra/event-store/position.ts'
import { counter } from './counter.ts'

const streamOf = (id: string) => ({ tenant: 'acme', type: 'counter', id })
const loadedOf = (id: string, state: number) => ({ ...assumeEmpty({ emptyStream }, counter, streamOf(id)), state })

test('what was remembered is recalled, as something that may be out of date', () => {
  const warm = warmStreams()
  warm.remember(counter, { ...loadedOf('one', 7), complete: true })
  expect(warm.recall(counter, streamOf('one'))).toMatchObject({ state: 7, complete: false })
  expect(warm.recall(counter, streamOf('other'))).toBeUndefined()
  expect(warmStreams().recall(counter, streamOf('one'))).toBeUndefined()
})

test('of too many streams those that were not used for longest are forgotten', () => {
  const warm = warmStreams({ streams: 2, characters: 1_000 })
  for (const id of ['one', 'two']) warm.remember(counter, loadedOf(id, 1))
  warm.remember(counter, loadedOf('one', 2))
  warm.remember(counter, loadedOf('three', 1))
  expect(['one', 'two', 'three'].map((id) => warm.recall(counter, streamOf(id))?.state)).toEqual([2, undefined, 1])
})

test('of states that are too large together the oldest are forgotten, and one alone that is too large is not kept', () => {
  const warm = warmStreams({ streams: 100, characters: 12 })
  for (const id of ['one', 'two', 'three']) warm.remember(counter, loadedOf(id, 12_345))
  expect(['one', 'two', 'three'].map((id) => warm.recall(counter, streamOf(id))?.state)).toEqual([
    undefined,
    12_345,
    12_345,
  ])
  warm.remember(counter, loadedOf('large', 1_234_567_890_123))
  expect(warm.recall(counter, streamOf('large'))).toBeUndefined()
})

test('all are forgotten at once', () => {
  const warm = warmStreams({ streams: 100, characters: 12 })
  for (const id of ['one', 'two']) warm.remember(counter, loadedOf(id, 12_345))
  warm.forgetAll()
  expect(['one', 'two'].map((id) => warm.recall(counter, streamOf(id)))).toEqual([undefined, undefined])
  for (const id of ['three', 'four']) warm.remember(counter, loadedOf(id, 12_345))
  expect(['three', 'four'].map((id) => warm.recall(counter, streamOf(id))?.state)).toEqual([12_345, 12_345])
})

test('work on one stream is done one after the other, also behind work that failed; other streams do not wait', async () => {
  const warm = warmStreams()
  const done: string[] = []
  const gates = new Map(['a', 'b'].map((name) => [name, Promise.withResolvers<void>()]))
  const work = (name: string) => async () => {
    done.push(`${name} begins`)
    await gates.get(name)?.promise
    done.push(`${name} ends`)
    if (name === 'a') throw new Error('a failed')
  }
  const a = warm.inTurn(streamOf('one'), work('a'))
  const b = warm.inTurn(streamOf('one'), work('b'))
  await warm.inTurn(streamOf('two'), work('c'))
  gates.get('b')?.resolve()
  gates.get('a')?.resolve()
  await expect(a).rejects.toThrow('a failed')
  await b
  expect(done).toEqual(['a begins', 'c begins', 'c ends', 'a ends', 'b begins', 'b ends'])
})
