import { expect, test } from 'vitest'
import { untilLost } from '../../../infra/feeds/kinesis-watch.ts'

const known = { arn: 'stream', incarnation: 'stream@1' }
const answers = (...script: ReadonlyArray<string | Error>) => {
  const left = [...script]
  return async () => {
    const answer = left.shift() ?? 'stream@1'
    if (answer instanceof Error) throw answer
    return { arn: 'stream', incarnation: answer }
  }
}

test('a stream that was created anew is lost', async () => {
  const { signal } = new AbortController()
  expect(await untilLost(answers('stream@1', 'stream@2'), known, 1, signal)).toContain('created anew')
})

test('a stream that is away once is not lost, twice in a row it is', async () => {
  const away = new Error('no such stream')
  const { signal } = new AbortController()
  expect(await untilLost(answers(away, 'stream@1', away, 'stream@1', 'stream@2'), known, 1, signal)).toContain('anew')
  expect(await untilLost(answers('stream@1', away, away, 'stream@2'), known, 1, signal)).toContain('no such stream')
})

test('watching ends without a verdict when the process stops', async () => {
  const stopping = new AbortController()
  const watching = untilLost(answers(), known, 3_600_000, stopping.signal)
  stopping.abort()
  expect(await watching).toBeNull()
})
