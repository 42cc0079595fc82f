import { describe, expect, it } from 'vitest'
import { faultsOf, inWords, NO_FAULTS } from './faults.ts'

const acknowledged = { postings: ['a', 'b'], size: 2 }
const entry = (version: number, posting: string, part: number, number = version) => ({ version, posting, part, number })
const stored = [entry(1, 'a', 0), entry(2, 'a', 1), entry(3, 'b', 0), entry(4, 'b', 1)]

describe('a stream compared with what its writers were told', () => {
  it('has no fault when every event is there once, in sequence, in whatever order the writers came through', () => {
    expect(faultsOf(stored, acknowledged)).toEqual(NO_FAULTS)
    expect(faultsOf(stored, { ...acknowledged, postings: ['b', 'a'] })).toEqual(NO_FAULTS)
    expect(inWords(NO_FAULTS, 4)).toEqual([])
  })

  it('shows events that are not there', () => {
    expect(faultsOf(stored.slice(0, 3), acknowledged)).toEqual({ ...NO_FAULTS, lost: 1 })
    expect(faultsOf([], acknowledged)).toEqual({ ...NO_FAULTS, lost: 4 })
  })

  it('shows events that are there twice, or that nobody was told of', () => {
    expect(faultsOf([...stored, entry(5, 'b', 1)], acknowledged)).toEqual({ ...NO_FAULTS, doubled: 1 })
    expect(faultsOf([...stored, entry(5, 'c', 0)], acknowledged)).toEqual({ ...NO_FAULTS, doubled: 1 })
  })

  it('shows holes', () => {
    const [first, second, third, fourth] = stored
    if (!first || !second || !third || !fourth) throw new Error('four events')
    const hole = [first, second, { ...third, version: 4, number: 4 }, { ...fourth, version: 5, number: 5 }]
    expect(faultsOf(hole, acknowledged)).toEqual({ ...NO_FAULTS, outOfSequence: 2 })
  })

  it('shows events that were decided on another state, where something was decided', () => {
    const found = faultsOf([...stored.slice(0, 3), entry(4, 'b', 1, 7)], acknowledged)
    expect(found).toEqual({ ...NO_FAULTS, misjudged: 1 })
    expect(inWords(found, 4)).toEqual(["1 of 4 events were decided on a state that was not the stream's"])
    const undecided = stored.map(({ version, posting, part }) => ({ version, posting, part }))
    expect(faultsOf(undecided, acknowledged)).toEqual(NO_FAULTS)
  })
})
