import * as E from 'fp-ts/lib/Either.js'
import { ALL_OFF, type FlagValues } from '../../schemas/flags.ts'
import type { Logger } from '../log/logger.ts'
import type { Flags } from './port.ts'
import { readFlags } from './read-flags.ts'

/** JSON of the flags; null while it is what it was. Rejects where it cannot be had. */
export type FlagSource = () => Promise<string | null>

/**
 * The last good values of a source. A fault is logged once, however often it is met again, and so is its end.
 * @param from what the source is, for whoever reads the log.
 */
export const lastGood = (from: string, read: FlagSource, log: Logger): Flags => {
  let document = '{}'
  let values = ALL_OFF
  let fault: string | undefined

  const heard = async (): Promise<E.Either<string, FlagValues>> => {
    try {
      document = (await read()) ?? document
      return readFlags(document)
    } catch (error) {
      return E.left(error instanceof Error ? error.message : String(error))
    }
  }

  return {
    current: async () => {
      const flags = await heard()
      if (E.isLeft(flags)) {
        const reason = flags.left
        if (reason !== fault) log.error('the flags are not to be had: those of before hold, or none', { from, reason })
        fault = reason
      } else {
        values = flags.right
        if (fault !== undefined) log.info('the flags are read again', { from })
        fault = undefined
      }
      return values
    },
  }
}
