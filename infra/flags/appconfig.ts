import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Logger } from '../log/logger.ts'
import { type FlagSource, lastGood } from './last-good.ts'
import type { Flags } from './port.ts'

/** Where the flags are: names or ids. */
export type FlagsPlace = { readonly application: string; readonly environment: string; readonly profile: string }

/** Seconds that flags may be old where AppConfig does not ask for more patience. It takes 15 at least. */
export const POLL_SECONDS = 30

/** Nobody waits for flags: those of before will do. */
const appConfigClient = (): AppConfigDataClient =>
  new AppConfigDataClient({
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    }),
  })

type Asking = {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
  readonly client?: AppConfigDataClient
}

/**
 * Asks AppConfig when somebody wants to know, and no more often than it says; all who ask meanwhile have the same answer, also where that
 * is a fault.
 */
export const appConfigSource = (
  { application, environment, profile }: FlagsPlace,
  { now = () => performance.now(), client = appConfigClient() }: Asking = {},
): FlagSource => {
  let token: string | undefined
  let answer: Promise<string | null> = Promise.resolve(null)
  let holdsUntil = Number.NEGATIVE_INFINITY

  const started = async (): Promise<string | undefined> => {
    const session = new StartConfigurationSessionCommand({
      ApplicationIdentifier: application,
      EnvironmentIdentifier: environment,
      ConfigurationProfileIdentifier: profile,
      RequiredMinimumPollIntervalInSeconds: POLL_SECONDS,
    })
    return (await client.send(session)).InitialConfigurationToken
  }
  const poll = async (): Promise<string | null> => {
    let seconds = POLL_SECONDS
    try {
      const ConfigurationToken = token ?? (await started())
      // It is good for one call, whatever comes of that: after a fault a new session tells the whole document again.
      token = undefined
      const latest = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken }))
      token = latest.NextPollConfigurationToken
      seconds = latest.NextPollIntervalInSeconds ?? seconds
      return latest.Configuration?.transformToString() || null
    } finally {
      holdsUntil = now() + seconds * 1_000
    }
  }

  return () => {
    if (now() >= holdsUntil) {
      holdsUntil = Number.POSITIVE_INFINITY
      answer = poll()
    }
    return answer
  }
}

/** The flags of a stage. */
export const appConfigFlags = (place: FlagsPlace, log: Logger, asking?: Asking): Flags =>
  lastGood(`AppConfig ${Object.values(place).join('/')}`, appConfigSource(place, asking), log)
