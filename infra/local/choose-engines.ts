import { startDynamodbLocal } from './engines/dynamodb-local.ts'
import { hasDynoxide, startDynoxide } from './engines/dynoxide.ts'
import { type Engine, EngineFault, type EngineOptions } from './engines/engine.ts'
import { findJava } from './engines/java.ts'
import { cachedClassPath, hasMaven, resolveClassPath } from './engines/maven.ts'
import { OPENSEARCH_JAVA, OPENSEARCH_POM, startOpensearch } from './engines/opensearch.ts'

export type StartEngine = (options: EngineOptions) => Promise<Engine>

/** Where products are searched: an OpenSearch of the user's own, one to be started, or Postgres, and `why`. */
export type SearchChoice =
  | { readonly kind: 'given'; readonly url: string }
  | { readonly kind: 'started'; readonly start: StartEngine }
  | { readonly kind: 'postgres'; readonly why: string }

/** Dynoxide, or DynamoDB Local where there is no dynoxide for the platform. Rejects with `EngineFault` when neither can run. */
export const chooseDynamodb = async (): Promise<StartEngine> => {
  if (hasDynoxide()) return startDynoxide
  if ((await findJava(17)) !== null && (await hasMaven())) return startDynamodbLocal
  throw new EngineFault(
    `no DynamoDB engine: dynoxide has no binary for ${process.platform}-${process.arch}, ` +
      'and DynamoDB Local needs Java 17 or newer and Maven',
  )
}

/**
 * What `OPENSEARCH_URL` names, else real OpenSearch where Java and Maven are there, else Postgres. The first time Maven has to
 * download it, which `report` tells.
 */
export const chooseSearch = async (
  env: NodeJS.ProcessEnv,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<SearchChoice> => {
  const url = env['OPENSEARCH_URL']
  if (url !== undefined && url !== '') {
    if (!URL.canParse(url)) throw new EngineFault(`OPENSEARCH_URL is not a URL: ${url}`)
    return { kind: 'given', url }
  }
  if ((await findJava(OPENSEARCH_JAVA)) === null) {
    return { kind: 'postgres', why: `no Java ${OPENSEARCH_JAVA} or newer was found for OpenSearch` }
  }
  if (cachedClassPath(OPENSEARCH_POM) !== null) return { kind: 'started', start: startOpensearch }
  if (!(await hasMaven())) return { kind: 'postgres', why: 'no Maven was found to fetch OpenSearch' }
  report('fetching OpenSearch by Maven, this time only')
  try {
    await resolveClassPath(OPENSEARCH_POM, signal)
    return { kind: 'started', start: startOpensearch }
  } catch (error) {
    return { kind: 'postgres', why: error instanceof Error ? error.message : String(error) }
  }
}
