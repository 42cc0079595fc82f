import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { TestEndpoints } from './endpoints.ts'
import { startAll } from './start-all.ts'

const endpointsIn = (file: string): TestEndpoints => {
  const endpoints: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!TestEndpoints.is(endpoints)) throw new Error(`${file} does not hold the endpoints of test engines`)
  return endpoints
}

/** Engines once for the whole run: those that `serve.ts` runs when DAYBOOK_TEST_ENGINES names its file, else our own. */
export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const file = process.env['DAYBOOK_TEST_ENGINES']
  if (file !== undefined) {
    project.provide('endpoints', endpointsIn(file))
    return undefined
  }
  const engines = await startAll()
  for (const name of ['dynamodbLocal', 'opensearch'] as const) {
    if (engines.endpoints[name] !== null) continue
    process.stderr.write(`WITHOUT ${name}: ${engines.endpoints.why[name]}. What needs it is not tested in this run.\n`)
  }
  project.provide('endpoints', engines.endpoints)
  return engines.stop
}
