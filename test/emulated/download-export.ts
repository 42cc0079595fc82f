import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { EMULATED_BOUNDS, safetyLag } from '../../infra/event-store/time-bounds.ts'
import { eventually } from '../e2e/instance.ts'
import type { Http } from './deployed.ts'

type Export = {
  readonly status: string
  readonly reason: string | null
  readonly files: ReadonlyArray<{ readonly name: string; readonly size: number; readonly sha256: string }>
}

/** Where the API sends whoever asks for a file; fetched from there without the token. */
const download = async (url: string, token: string): Promise<Buffer> => {
  const sent = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, redirect: 'manual' })
  assert.equal(sent.status, 303, await sent.text())
  const file = await fetch(sent.headers.get('location') ?? '')
  return Buffer.from(await file.arrayBuffer())
}

/**
 * Has the API make a gzipped export of what is old enough not to be waited for, and downloads it: every file must have the bytes that the
 * API tells of.
 */
export const downloadExport = async (url: string, http: Http, token: string): Promise<void> => {
  const to = new Date(Date.now() - safetyLag(EMULATED_BOUNDS)).toISOString()
  const asked = await http(token, '/v1/audit/exports', { gzip: true, to })
  assert.equal(asked.status, 201)
  const path = String(asked.headers.get('location'))
  const found = async (): Promise<Export> => Object((await http(token, path)).json)
  const { status, reason, files } = await eventually(found, (told) => told.status !== 'running')
  assert.equal(status, 'done', reason ?? '')
  assert.ok(files.some(({ name }) => name.endsWith('.gz')))
  for (const { name, size, sha256 } of files) {
    const bytes = await download(`${url}${path}/files/${name}`, token)
    assert.deepEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')], [size, sha256], name)
  }
}
