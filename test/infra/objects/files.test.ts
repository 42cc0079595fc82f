import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, test } from 'vitest'
import { fileObjects } from '../../../infra/objects/files.ts'
import { conditionalObjectsContract, racingObjectsContract } from '../../contracts/conditional-objects.ts'
import { objectsContract } from '../../contracts/objects.ts'
import { temporaryDir } from '../local/temporary-dir.ts'

const dir = mkdtempSync(join(tmpdir(), 'daybook-objects-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const connect = async () => fileObjects(join(dir, 'objects'))
const away = async () => {
  const file = join(dir, 'no-directory')
  writeFileSync(file, '')
  return fileObjects(file)
}
objectsContract('files', connect, away)
conditionalObjectsContract('files', connect, away)
racingObjectsContract('files', connect)

test('an object is a file that its owner alone can read, without drafts beside it', async () => {
  const root = join(temporaryDir(), 'made', 'when', 'needed')
  const bytes = new Uint8Array([1, 2, 3])
  await Promise.all(Array.from({ length: 20 }, () => fileObjects(root).put('acme/order/1', bytes)))
  expect(readdirSync(root, { recursive: true }).toSorted()).toEqual(['acme', 'acme/order', 'acme/order/1'])
  expect(statSync(join(root, 'acme/order/1')).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, 'acme')).mode & 0o777).toBe(0o700)
})

test('a write that cannot finish leaves nothing behind, and the other objects as they were', async () => {
  const root = temporaryDir()
  const objects = fileObjects(root)
  await objects.put('acme/1', new Uint8Array([1]))
  // A folder in the object's place, which no rename replaces.
  mkdirSync(join(root, 'acme', '2'))
  await expect(objects.put('acme/2', new Uint8Array([2]))).rejects.toThrow('writing object acme/2 failed')
  expect(readdirSync(join(root, 'acme')).toSorted()).toEqual(['1', '2'])
  expect(await objects.get('acme/1', 1)).toEqual(E.right(new Uint8Array([1])))
})
