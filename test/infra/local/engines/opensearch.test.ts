import { expect, test, vi } from 'vitest'
import { startOpensearch } from '../../../../infra/local/engines/opensearch.ts'
import { freshName, opensearchUrl } from '../../../engines/engines.ts'
import { temporaryDir } from '../temporary-dir.ts'
import { crash, isOpenBeyondLoopback, runEngine } from './run-engine.ts'

// A start takes five seconds on an idle machine.
vi.setConfig({ testTimeout: 240_000 })

const shared = opensearchUrl()

const ask = async (url: string, method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  return response.json()
}

test.runIf(shared !== null)(
  'beside another one it is a cluster of its own on loopback, and its documents survive a crash',
  async () => {
    const dir = temporaryDir()
    const engine = await runEngine(startOpensearch, dir)
    const index = freshName('kept')
    await ask(engine.url, 'PUT', `/${index}/_doc/1`, { name: 'lantern' })
    expect(await ask(String(shared), 'GET', `/${index}/_doc/1`)).toMatchObject({ status: 404 })
    expect(await ask(engine.url, 'GET', '/_cluster/health')).toMatchObject({ number_of_nodes: 1 })
    expect(await isOpenBeyondLoopback(engine.port)).toBe(false)
    await crash(engine)
    const again = await runEngine(startOpensearch, dir, { port: engine.port })
    expect(await ask(again.url, 'GET', `/${index}/_doc/1`)).toMatchObject({ _source: { name: 'lantern' } })
  },
)
