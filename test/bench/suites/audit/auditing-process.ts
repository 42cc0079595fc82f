import { readFile } from 'node:fs/promises'
import * as t from 'io-ts'
import { exportTrail } from '../../../../infra/audit/export/export.ts'
import { publicKeyFile } from '../../../../infra/audit/file-keys.ts'
import { verifyExport } from '../../../../infra/audit/verify/export.ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { localTrail } from '../../../../infra/local/trail.ts'
import { takeTasks } from '../../child.ts'

// Exports and verifies as `daybook audit` does, in a process of its own, so that its memory is its own; started by cases.ts.

const [, , dynamodbUrl = '', dataDir = ''] = process.argv

const Task = t.union([
  t.strict({ do: t.literal('export'), format: t.keyof({ jsonl: null, parquet: null }), dir: t.string }),
  t.strict({ do: t.literal('verify'), dir: t.string }),
])

const trail = localTrail(dynamoDbClient(dynamodbUrl), dataDir)
const watch = { waiting: () => {}, onCommit: () => {}, signal: new AbortController().signal }
/** Of every export: nothing is written any more, so it is sealed once, and what is measured is the export. */
const to = new Date()

const exported = async (format: 'jsonl' | 'parquet', dir: string): Promise<number> =>
  (await exportTrail(trail, { tenant: 'bench', to, filter: {}, format, dir }, watch)).body.commits

const verified = async (dir: string): Promise<number> => {
  const { findings, manifest } = await verifyExport(dir, await readFile(publicKeyFile(dataDir), 'utf8'))
  const [first] = findings
  if (first !== undefined) throw new Error(`the export does not verify: ${first.where} ${first.message}`)
  return manifest?.commits ?? 0
}

takeTasks(async (task) => {
  if (!Task.is(task)) throw new TypeError('it exports and verifies, and nothing else')
  const commits = await (task.do === 'export' ? exported(task.format, task.dir) : verified(task.dir))
  return { type: 'done', commits, rssMb: process.resourceUsage().maxRSS / 1_024 }
})
