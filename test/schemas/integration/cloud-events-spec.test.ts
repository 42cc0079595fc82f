import { expect, test } from 'vitest'
import vectors from '../../data/vectors/cloudevents.json' with { type: 'json' }
import { faultsOfCloudEvent } from './cloud-events-spec.ts'

test.each(vectors.valid)('$id is an event', ({ event }) => {
  expect(faultsOfCloudEvent(event)).toEqual([])
})

test.each(vectors.invalid)('$id is none', ({ event }) => {
  expect(faultsOfCloudEvent(event)).not.toEqual([])
})
