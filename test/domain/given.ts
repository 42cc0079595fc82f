import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import type { Decider } from '../../domain/decider.ts'
import { fold } from '../../domain/fold.ts'

type Expectation = (decided: E.Either<unknown, ReadonlyArray<unknown>>) => void

/** given(...events).when(command).then(happened(...) | rejected(...)), without mocks. */
export const givenFor =
  <S, C, Event, R>(decider: Decider<S, C, Event, R>) =>
  (...events: ReadonlyArray<Event>) => ({
    when: (command: C) => ({
      // biome-ignore lint/suspicious/noThenProperty: given, when, then are the words of the trade; nobody awaits this
      then: (expectation: Expectation): void => expectation(decider.decide(command, fold(decider, events))),
    }),
  })

export const happened =
  (...events: ReadonlyArray<unknown>): Expectation =>
  (decided) =>
    expect(decided).toEqual(E.right(events))

export const rejected =
  (tag: string): Expectation =>
  (decided) =>
    expect(decided).toEqual(E.left({ _tag: tag }))
