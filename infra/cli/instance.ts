import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Caller } from '../../schemas/endpoint.ts'
import { loadKeys } from '../identity/keys.ts'
import { issueToken } from '../identity/tokens.ts'
import { Failure } from './failure.ts'
import type { GlobalOptions } from './options.ts'
import { stageNamed } from './stage.ts'

const Endpoints = t.type({ url: t.string })

const noInstance = (dataDir: string): Failure =>
  new Failure(`no running instance under ${dataDir}: start one with npm start or name it with --data-dir`)

/** Base URL of the instance: what `--url` says, else that of the stage, else what the instance itself wrote under its data directory. */
export const baseUrl = async ({ url, stage, dataDir }: GlobalOptions): Promise<string> => {
  if (url !== undefined) return url
  if (stage !== undefined) return (await stageNamed(stage)).apiUrl
  const file = join(dataDir, 'endpoints.json')
  const written = E.tryCatch(() => readFileSync(file, 'utf8'), E.toError)
  if (E.isLeft(written)) throw noInstance(dataDir)
  const endpoints = E.tryCatch(() => Endpoints.decode(JSON.parse(written.right)), E.toError)
  if (E.isRight(endpoints) && E.isRight(endpoints.right)) return endpoints.right.right.url.replace(/\/+$/, '')
  throw new Failure(`${file} does not name a url: start the instance again`)
}

/** Signs a token with the keys of the instance under this data directory; fails when it has none. */
export const mintToken = async (dataDir: string, caller: Caller, ttlSeconds: number): Promise<string> => {
  const keys = await loadKeys(dataDir)
  if (keys === null) throw noInstance(dataDir)
  return issueToken(keys, { ...caller, ttlSeconds }, new Date())
}

/** Answers a token that stays valid for a while: a run may outlast a token. */
export type TokenSource = () => Promise<string>

const TTL_SECONDS = 3_600
const RENEWED_AFTER_MS = 1_800_000

const minting = (dataDir: string, caller: Caller): TokenSource => {
  let minted = { at: Number.NEGATIVE_INFINITY, token: Promise.resolve('') }
  return () => {
    const now = performance.now()
    if (now - minted.at > RENEWED_AFTER_MS) minted = { at: now, token: mintToken(dataDir, caller, TTL_SECONDS) }
    return minted.token
  }
}

/** `--token`, else one signed with the keys under the data directory, else the environment's DAYBOOK_TOKEN. */
export const tokenSource = async (options: GlobalOptions, caller: Caller): Promise<TokenSource> => {
  const { token, dataDir, url, stage } = options
  if (token !== undefined) return async () => token
  if (stage === undefined && (await loadKeys(dataDir)) !== null) return minting(dataDir, caller)
  const inherited = process.env['DAYBOOK_TOKEN']
  if (inherited !== undefined && inherited !== '') return async () => inherited
  const elsewhere = url ?? (stage && `stage ${stage}`)
  throw elsewhere === undefined
    ? noInstance(dataDir)
    : new Failure(`no token for ${elsewhere}: give one by --token or DAYBOOK_TOKEN`)
}
