import { describe, expect, test } from 'vitest'
import { gate } from '../../projections/gate.ts'

const commit = (version: number, events: number) => ({
  version,
  events: Array.from({ length: events }, () => ({ type: 'Happened', schemaVersion: 1, data: null })),
})

describe('the gate', () => {
  test.each([
    ['the first commit of a stream is applied', 0, commit(1, 1), 'apply'],
    ['the next commit is applied', 3, commit(4, 2), 'apply'],
    ['a commit that the view holds is dropped', 3, commit(3, 1), 'drop'],
    ['a commit that the view holds to its last event is dropped', 5, commit(4, 2), 'drop'],
    ['a commit far behind the view is dropped', 9, commit(1, 1), 'drop'],
    ['a commit that is not the next tells of a gap', 3, commit(5, 1), 'gap'],
    ['a later commit of a stream that the view does not know tells of a gap', 0, commit(2, 1), 'gap'],
    ['a commit that overlaps what the view holds is for the event store to judge', 4, commit(4, 2), 'gap'],
  ] as const)('%s', (_, checkpoint, delivered, verdict) => {
    expect(gate(checkpoint, delivered)).toBe(verdict)
  })
})
