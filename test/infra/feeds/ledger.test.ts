import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger } from '../../../infra/feeds/ledger.ts'

const arrivals = (sequenceNumbers: ReadonlyArray<string>) =>
  sequenceNumbers.map((sequenceNumber) => ({ sequenceNumber, arrivedAt: 1_000 * Number(sequenceNumber) }))

const ledgerOf = (consumers: ReadonlyArray<string>, limit = 100) => {
  const acknowledged: string[] = []
  const ledger = createLedger(consumers, limit, (_, sequenceNumber) => acknowledged.push(sequenceNumber))
  ledger.begin('source', null)
  return { ledger, acknowledged }
}

test('a record is acknowledged when every consumer has passed it', () => {
  const { ledger, acknowledged } = ledgerOf(['search', 'archive'])
  ledger.enter('source', arrivals(['9', '10']))
  ledger.sent('source', '9', { shardId: 'k', sequenceNumber: '100' })
  ledger.sent('source', '10', { shardId: 'k', sequenceNumber: '101' })
  ledger.passed('search', { shardId: 'k', sequenceNumber: '101' })
  expect(acknowledged).toEqual([])
  ledger.passed('archive', { shardId: 'k', sequenceNumber: '100' })
  expect(acknowledged).toEqual(['9'])
  ledger.passed('archive', { shardId: 'k', sequenceNumber: '101' })
  expect(acknowledged).toEqual(['9', '10'])
  expect(ledger.unacknowledged()).toBe(0)
})

test('nothing behind an unacknowledged record is acknowledged', () => {
  const { ledger, acknowledged } = ledgerOf(['search'])
  ledger.enter('source', arrivals(['1', '2', '3']))
  ledger.sent('source', '2', { shardId: 'k2', sequenceNumber: '5' })
  ledger.sent('source', '3', { shardId: 'k2', sequenceNumber: '6' })
  ledger.passed('search', { shardId: 'k2', sequenceNumber: '6' })
  expect(acknowledged).toEqual([])
  ledger.sent('source', '1', { shardId: 'k1', sequenceNumber: '5' })
  ledger.passed('search', { shardId: 'k1', sequenceNumber: '5' })
  expect(acknowledged).toEqual(['3'])
})

test('a consumer may be faster than the answer to the put', () => {
  const { ledger, acknowledged } = ledgerOf(['search'])
  ledger.enter('source', arrivals(['1']))
  ledger.passed('search', { shardId: 'k', sequenceNumber: '5' })
  ledger.sent('source', '1', { shardId: 'k', sequenceNumber: '5' })
  expect(acknowledged).toEqual(['1'])
})

test('a batch that comes again is sent only as far as it was not', () => {
  const { ledger } = ledgerOf(['search'])
  expect(ledger.enter('source', arrivals(['8', '9', '10']))).toEqual(['8', '9', '10'])
  ledger.sent('source', '8', { shardId: 'k', sequenceNumber: '1' })
  ledger.sent('source', '9', { shardId: 'k', sequenceNumber: '2' })
  ledger.passed('search', { shardId: 'k', sequenceNumber: '1' })
  expect(ledger.enter('source', arrivals(['8', '9', '10', '11']))).toEqual(['10', '11'])
})

test('it tells for each consumer since when records wait, and which of them it does not know', () => {
  const { ledger } = ledgerOf(['search', 'archive'])
  ledger.enter('source', arrivals(['1', '2', '3']))
  expect(ledger.waitingFor('search')).toEqual([1_000, 2_000, 3_000])
  ledger.unwanted('source', '1')
  ledger.sent('source', '2', { shardId: 'k', sequenceNumber: '5' })
  ledger.passed('search', { shardId: 'k', sequenceNumber: '5' })
  expect(ledger.waitingFor('search')).toEqual([3_000])
  expect(ledger.waitingFor('archive')).toEqual([2_000, 3_000])
  expect(['1', '2', '3', '4'].filter((number) => !ledger.knows('source', number))).toEqual(['4'])
})

test('without consumers a record is acknowledged when it is sent', () => {
  const { ledger, acknowledged } = ledgerOf([])
  ledger.enter('source', arrivals(['1']))
  ledger.sent('source', '1', { shardId: 'k', sequenceNumber: '1' })
  expect(acknowledged).toEqual(['1'])
})

test('there is room again when enough is acknowledged, and none once closed', async () => {
  const { ledger } = ledgerOf(['search'], 2)
  ledger.enter('source', arrivals(['1', '2']))
  let room = false
  const waiting = ledger.room().then(() => {
    room = true
  })
  await Promise.resolve()
  expect(room).toBe(false)
  ledger.sent('source', '1', { shardId: 'k', sequenceNumber: '1' })
  ledger.passed('search', { shardId: 'k', sequenceNumber: '1' })
  await waiting
  ledger.enter('source', arrivals(['3']))
  const refused = expect(ledger.room()).rejects.toThrow('stopping')
  ledger.close()
  await refused
})

test('in whatever order records are sent and passed, the acknowledged ones are a gapless head of the source', () => {
  const steps = fc.array(fc.record({ act: fc.constantFrom('send', 'pass'), pick: fc.nat(), consumer: fc.nat(1) }), {
    maxLength: 80,
  })
  fc.assert(
    fc.property(steps, (script) => {
      const consumers = ['search', 'archive']
      const { ledger, acknowledged } = ledgerOf(consumers)
      const unsent = Array.from({ length: 12 }, (_, index) => String(index + 1))
      ledger.enter('source', arrivals(unsent))
      const lanes = [0, 1, 2].map((): string[] => [])
      const passedUpTo = new Map<string, number>()
      for (const { act, pick, consumer } of script) {
        const shard = pick % 3
        const lane = lanes[shard] ?? []
        if (act === 'send') {
          const [number] = unsent.splice(pick % Math.max(1, unsent.length), 1)
          if (number === undefined) continue
          lane.push(number)
          ledger.sent('source', number, { shardId: String(shard), sequenceNumber: String(lane.length) })
        } else if (lane.length > 0) {
          const key = `${consumers[consumer]} ${shard}`
          const upTo = Math.max(passedUpTo.get(key) ?? 0, 1 + (pick % lane.length))
          passedUpTo.set(key, upTo)
          ledger.passed(consumers[consumer] ?? '', { shardId: String(shard), sequenceNumber: String(upTo) })
        }
      }
      const done = new Set(
        lanes.flatMap((lane, shard) =>
          lane.slice(0, Math.min(...consumers.map((consumer) => passedUpTo.get(`${consumer} ${shard}`) ?? 0))),
        ),
      )
      let head = 0
      while (done.has(String(head + 1))) head += 1
      expect(acknowledged.at(-1) ?? '0').toBe(String(head))
      expect(ledger.unacknowledged()).toBe(12 - head)
    }),
  )
})
