import * as t from 'io-ts'
import { type Answer, type Asked, type StandIn, standIn } from './stand-in.ts'

const Session = t.strict({
  ApplicationIdentifier: t.literal('daybook'),
  EnvironmentIdentifier: t.literal('dev'),
  ConfigurationProfileIdentifier: t.literal('flags'),
  RequiredMinimumPollIntervalInSeconds: t.number,
})

/** Where the flags of this stand-in are. */
export const PLACE = { application: 'daybook', environment: 'dev', profile: 'flags' } as const

const refused = (status: number, type: string): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json', 'X-Amzn-ErrorType': type },
  body: JSON.stringify({ Message: `${type} of the stand-in` }),
})

export type AppConfigStandIn = StandIn & {
  readonly publish: (text: string) => void
  /** Answers every request with a fault from now on, or no longer. */
  readonly away: (away: boolean) => void
  /** What was asked for, in order. */
  readonly asked: string[]
  /** Every session that there was is over. */
  readonly forget: () => void
}

/**
 * The data plane of AWS AppConfig: tokens that are good for one call, a body that is empty where the session has been told the document
 * before, and the interval that it wants to be asked in. Before anything is published there is nothing to be had.
 */
export const appConfigStandIn = async (pollSeconds: number): Promise<AppConfigStandIn> => {
  const asked: string[] = []
  /** What each session was told last, by the token of its next call. */
  const sessions = new Map<string, string | null>()
  let published: string | null = null
  let isAway = false
  let tokens = 0
  const tokenOf = (told: string | null): string => {
    tokens += 1
    sessions.set(`token ${tokens}`, told)
    return `token ${tokens}`
  }
  const start = (body: Buffer): Answer =>
    Session.is(JSON.parse(body.toString('utf8')))
      ? {
          status: 201,
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ InitialConfigurationToken: tokenOf(null) }),
        }
      : refused(400, 'BadRequestException')
  const latest = (token: string): Answer => {
    const told = sessions.get(token)
    if (told === undefined) return refused(400, 'BadRequestException')
    if (published === null) return refused(404, 'ResourceNotFoundException')
    sessions.delete(token)
    return {
      status: 200,
      headers: {
        'Content-Type': 'application/json',
        'Next-Poll-Configuration-Token': tokenOf(published),
        'Next-Poll-Interval-In-Seconds': String(pollSeconds),
      },
      body: told === published ? '' : published,
    }
  }
  const answer = ({ method, url, body }: Asked): Answer => {
    asked.push(`${method} ${url.pathname}`)
    if (isAway) return refused(403, 'AccessDeniedException')
    return method === 'POST' ? start(body) : latest(url.searchParams.get('configuration_token') ?? '')
  }
  return {
    ...(await standIn(answer)),
    asked,
    publish: (text) => {
      published = text
    },
    away: (away) => {
      isAway = away
    },
    forget: () => sessions.clear(),
  }
}
