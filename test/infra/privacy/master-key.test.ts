import { randomBytes } from 'node:crypto'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { masterKeyIn, masterKeyOf } from '../../../infra/privacy/master-key.ts'
import { temporaryDir } from '../local/temporary-dir.ts'

test('a wrapped key comes back under the same master key and id, and under no other', async () => {
  const [secret, key] = [randomBytes(32), randomBytes(32)]
  const master = masterKeyOf(secret)
  const wrapped = await master.wrap('one', key)
  expect(await masterKeyOf(secret).unwrap('one', wrapped)).toEqual(key)
  await expect(master.unwrap('other', wrapped)).rejects.toThrow()
  await expect(masterKeyOf(randomBytes(32)).unwrap('one', wrapped)).rejects.toThrow()
})

test('processes that come first at the same time get one master key, which its owner alone can read', async () => {
  const dir = temporaryDir()
  const masters = await Promise.all([masterKeyIn(dir), masterKeyIn(dir), masterKeyIn(dir)])
  const macs = await Promise.all([...masters, await masterKeyIn(dir)].map((master) => master.mac('text')))
  expect(new Set(macs).size).toBe(1)
  expect(await readdir(join(dir, 'keys'))).toEqual(['master.key'])
  expect((await stat(join(dir, 'keys', 'master.key'))).mode & 0o777).toBe(0o600)
})

test('a file that is no master key is refused, naming it', async () => {
  const dir = temporaryDir()
  await masterKeyIn(dir)
  await writeFile(join(dir, 'keys', 'master.key'), 'secret')
  await expect(masterKeyIn(dir)).rejects.toThrow(/master\.key is not readable, or is no master key/)
})
