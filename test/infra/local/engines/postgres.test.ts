import { statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { startPostgres } from '../../../../infra/local/engines/postgres.ts'
import { temporaryDir } from '../temporary-dir.ts'
import { crash, isOpenBeyondLoopback, runEngine } from './run-engine.ts'

const query = async ({ url }: Pick<Engine, 'url'>, sql: string): Promise<ReadonlyArray<unknown>> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('committed rows survive a crash, whose lock file does not block the next start', async () => {
  const dir = temporaryDir()
  const engine = await runEngine(startPostgres, dir)
  await query(engine, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await crash(engine)
  const again = await runEngine(startPostgres, dir, { port: engine.port })
  expect(again.url).toBe(engine.url)
  expect(await query(again, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
})

test('two of them side by side have their own data and passwords, and answer on loopback only', async () => {
  const [one, other] = await Promise.all([
    runEngine(startPostgres, temporaryDir()),
    runEngine(startPostgres, temporaryDir()),
  ])
  await query(one, 'CREATE TABLE mine (id int)')
  expect(await query(other, "SELECT to_regclass('mine') AS table")).toEqual([{ table: null }])
  const wrong = new URL(one.url)
  wrong.password = new URL(other.url).password
  await expect(query({ url: wrong.href }, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  expect(await isOpenBeyondLoopback(one.port)).toBe(false)
})

test('the password is readable by its owner alone', async () => {
  const dir = temporaryDir()
  await runEngine(startPostgres, dir)
  expect((statSync(join(dir, 'data', 'password')).mode & 0o777).toString(8)).toBe('600')
})

test('text is UTF-8, and letters beyond ASCII have their upper case', async () => {
  const engine = await runEngine(startPostgres, temporaryDir())
  const rows = await query(engine, "SELECT upper('dåb') AS upper, length('dåb') AS length")
  expect(rows).toEqual([{ upper: 'DÅB', length: 3 }])
})

test('a stop does not wait for clients that stay connected', async () => {
  const engine = await runEngine(startPostgres, temporaryDir())
  const client = new pg.Client({ connectionString: engine.url })
  client.on('error', () => undefined)
  await client.connect()
  await engine.stop()
  expect(await engine.exited).toEqual({ code: 0, signal: null })
})
