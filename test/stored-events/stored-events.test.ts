import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { commitOfImage } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { fileNameOf, storedEventFiles, storedImage } from './files.ts'

const storedCommit = (file: string): Commit => {
  const commit = commitOfImage(storedImage(file))
  if (E.isLeft(commit)) throw commit.left
  return commit.right
}

describe.each(storedEventFiles())('the stored bytes of %s', (file) => {
  test('are intact, and hold the event that their name tells', () => {
    const { events } = storedCommit(file)
    expect(events.map(({ type, schemaVersion }) => fileNameOf(type, schemaVersion))).toContain(file)
  })

  test('decode', () => {
    expect(recordedEventsOf(storedCommit(file))).toMatchObject({ right: expect.anything() })
  })
})

test('both ways of storing events are among them: as text, and packed', () => {
  const attributes = storedEventFiles().map((file) => Object.keys(storedImage(file)['events'] ?? {}).join())
  expect(new Set(attributes)).toEqual(new Set(['S', 'B']))
})
