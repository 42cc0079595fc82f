import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { EngineFault } from './engine.ts'

/** Binds 127.0.0.1:`port` for a moment. Answers the port bound, or null when it is taken. */
const bound = (port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })

export const isFree = async (port: number): Promise<boolean> => (await bound(port)) !== null

/** A port that was free a moment ago, chosen by the system. */
export const freePort = async (): Promise<number> => {
  const port = await bound(0)
  if (port === null) throw new Error('no free port on 127.0.0.1')
  return port
}

/** A free port of a range, tried in order from a random place, so that two searches at once seldom meet. */
export const freePortBetween = async (first: number, last: number): Promise<number> => {
  const count = last - first + 1
  const start = randomInt(count)
  for (let step = 0; step < count; step++) {
    const port = first + ((start + step) % count)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port on 127.0.0.1 from ${first} to ${last}`)
}

/**
 * The port that is wanted, or else one that `choose` finds. Rejects with `EngineFault` when the wanted one is taken: whoever
 * has it might be taken for the engine that could not have it.
 */
export const portFor = async (
  wanted: number | undefined,
  choose: () => Promise<number> = freePort,
): Promise<number> => {
  if (wanted === undefined) return choose()
  if (await isFree(wanted)) return wanted
  throw new EngineFault(`port ${wanted} is taken by another program`, true)
}
