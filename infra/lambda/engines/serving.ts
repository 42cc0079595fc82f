import { handle, type LambdaEvent } from 'hono/aws-lambda'
import type { Api } from '../../composition/api.ts'
import type { Logger } from '../../log/logger.ts'

/**
 * What goes on behind answers. A function is frozen as soon as it has answered, so it answers when all of that is done.
 */
export const backgroundOf = (log: Logger) => {
  const pending = new Set<Promise<unknown>>()
  return {
    background: (saving: Promise<unknown>): void => {
      const done = saving
        .catch((error: unknown) => log.warn('a snapshot was not kept', { error }))
        .finally(() => pending.delete(done))
      pending.add(done)
    },
    settled: (): Promise<unknown> => Promise.all(pending),
  }
}

/** Answers API Gateway's events (REST, payload version 1) by the same app that serves on a laptop. */
export const serving = (api: Api, settled: () => Promise<unknown>) => {
  const answer = handle(api)
  return async (event: LambdaEvent) => {
    const answered = await answer(event)
    await settled()
    return answered
  }
}
