import { expect, test } from 'vitest'
import * as aggregates from '../../../commands/aggregates.ts'
import { UpcastingType } from '../../../schemas/events/upcasting.ts'

test('aggregates whose events are about people keep no snapshots, in which names would stand in the open', () => {
  const about = Object.values(aggregates).map(({ streamType, event, kept }) => {
    if (!(event instanceof UpcastingType)) throw new Error(`nobody knows what is personal in ${streamType}`)
    return { streamType, kept: kept !== undefined, personal: event.personal.size > 0 }
  })
  expect(about.filter(({ personal }) => personal).length).toBeGreaterThan(0)
  expect(about.filter(({ kept, personal }) => kept && personal)).toEqual([])
})
