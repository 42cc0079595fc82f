import { findJava } from './engines/java.ts'
import { hasMaven, resolveClassPath } from './engines/maven.ts'
import { OPENSEARCH_JAVA, OPENSEARCH_POM } from './engines/opensearch.ts'

/** Fetches OpenSearch after the install, so that the first start need not. Tells in one line what search will use. */
const prefetch = async (): Promise<string> => {
  if ((await findJava(OPENSEARCH_JAVA)) === null)
    return `search in Postgres: no Java ${OPENSEARCH_JAVA} or newer was found`
  if (!(await hasMaven())) return 'search in Postgres: no Maven was found to fetch OpenSearch'
  try {
    await resolveClassPath(OPENSEARCH_POM)
    return 'search in OpenSearch: fetched by Maven'
  } catch (error) {
    return `search in Postgres: ${error instanceof Error ? error.message : error}`
  }
}

process.stdout.write(`daybook: ${await prefetch()}\n`)
