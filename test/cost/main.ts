import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printJson } from '../../infra/cli/output.ts'
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts'
import { startOpensearch } from '../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../infra/local/engines/postgres.ts'
import { cleaningUp } from '../bench/clean-up.ts'
import { createDatabase } from '../bench/database.ts'
import { startEngine } from '../bench/local-engine.ts'
import { countImport, type Import } from './counting.ts'
import { tables } from './document.ts'
import { type Counts, each } from './tally.ts'

const shown = ({ commands, orders, feeds }: Import) => ({
  commands: Object.fromEntries(
    [...commands].map(([path, counts]): [string, { readonly all: Counts; readonly each: Counts }] => [
      path,
      { all: counts, each: each(counts, 'invocations') },
    ]),
  ),
  orders: each(orders, 'records'),
  feeds: Object.fromEntries(
    [...feeds].map(([name, { lone, batched }]) => [
      name,
      { lone: each(lone, 'invocations'), batched: each(batched, 'invocations') },
    ]),
  ),
})

/** What the import of 500 invoices takes, once as requests and once as time, on engines of its own. */
const countAnew = () =>
  cleaningUp(async (cleanUp) => {
    const dir = await mkdtemp(join(tmpdir(), 'daybook-cost-'))
    cleanUp.defer(() => rm(dir, { recursive: true, force: true }))
    const setting = { quick: false, dir, cleanUp }
    const [dynamodb, postgres, opensearch] = await Promise.all([
      startEngine(setting, 'dynoxide', startDynoxide),
      startEngine(setting, 'postgres', startPostgres),
      startEngine(setting, 'opensearch', startOpensearch),
    ])
    const count = async (metered: boolean): Promise<Import> => {
      const database = await createDatabase(postgres.url, metered ? 'metered' : 'timed')
      const engines = { dynamodb: dynamodb.url, postgres: database, opensearch: opensearch.url }
      return cleaningUp((ending) => countImport({ engines, metered, cleanUp: ending }))
    }
    return { requests: shown(await count(true)), time: shown(await count(false)) }
  })

// Without an argument the tables of docs/cost.md, as the code derives them; with `--count` what it derives them from, counted anew.
if (process.argv.includes('--count')) printJson(await countAnew())
else process.stdout.write(`${tables().join('\n\n')}\n`)
