import type { MappingConfig } from './mapping-config.ts'

type Handler<Event> = MappingConfig<never, Event>['handler']

/**
 * A handler whose answer is lost with this chance (between 0 and 1) after it did its work, as when a function's connection breaks:
 * whoever called it takes that for a failure, and the batch comes again. For tests.
 */
export const losingAnswers =
  <Event>(handler: Handler<Event>, chance: number, random: () => number): Handler<Event> =>
  async (event) => {
    const answer = await handler(event)
    if (random() < chance) throw new Error('chaos: the answer was lost')
    return answer
  }
