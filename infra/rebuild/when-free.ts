import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'

/** Longer than this nobody waits behind a switch; then it lets go, and tries again a moment later. */
export const LOCK_TIMEOUT_MS = 40

const ATTEMPTS = 200
const PAUSE_MS = 25

/** PostgreSQL, appendix A: lock_not_available. */
const LOCK_NOT_AVAILABLE = '55P03'

/** Too much has come in at the last moment. */
export class NotNow extends Error {}

/** Somebody had a table longer than we wanted to wait. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE

/** Holds up whoever writes to a table until the transaction ends, if that is possible at once. */
export const lockBriefly = async (client: ClientBase, table: string): Promise<void> => {
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
  await client.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`)
}

/** Tries to switch until there is a moment for it. */
export const whenFree = async <A>(projection: string, attempt: () => Promise<A>): Promise<A> => {
  for (let tried = 0; tried < ATTEMPTS; tried += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof NotNow) && !isBusy(error)) throw error
    }
    await sleep(PAUSE_MS)
  }
  throw new Error(
    `${projection} was not switched: its tables were in use or changing in every of ${ATTEMPTS} moments that were tried; the rebuild is kept, so run the same command again to go on`,
  )
}
