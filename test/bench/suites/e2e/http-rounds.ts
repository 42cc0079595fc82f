import { httpTransport } from '../../../../infra/cli/transport.ts'
import type { Arm } from '../../bench.ts'
import { timedEach } from '../../stopwatch.ts'

export type HttpQuery = {
  /** Of the server. */
  readonly url: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Requests a round, one after the other on one connection. */
  readonly count: number
}

/** Rounds of one GET; the connection is closed by `cleanUp`. */
export const httpRounds = (
  { url, path, headers, count }: HttpQuery,
  cleanUp: Pick<AsyncDisposableStack, 'defer'>,
): Arm['round'] => {
  const transport = httpTransport(url, 1)
  cleanUp.defer(() => transport.close())
  return () =>
    timedEach(Array.from({ length: count }), 1, async () => {
      const answer = await transport.get(path, headers)
      if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${answer.body}`)
    })
}
