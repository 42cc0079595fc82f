import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { filePositions } from '../../../infra/feeds/file-positions.ts'
import { memoryPositions, type Positions } from '../../../infra/feeds/positions.ts'
import { silentLogger } from '../../../infra/log/logger.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'daybook-positions-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe.each<[string, () => Positions]>([
  ['in memory', memoryPositions],
  ['in files', () => filePositions(join(directory, 'feeds'), silentLogger)],
])('positions %s', (_, make) => {
  test('a consumer that saved nothing starts from the beginning', async () => {
    const opened = await make().open('views', 'stream@1')
    expect(opened.load('a')).toBeNull()
  })

  test('the last saved position of each shard is found again', async () => {
    const positions = make()
    const opened = await positions.open('views', 'stream@1')
    opened.save('a', '9')
    opened.save('a', '10')
    opened.save('b', '1')
    expect(opened.load('a')).toBe('10')
    await opened.flush()
    const again = await positions.open('views', 'stream@1')
    expect([again.load('a'), again.load('b'), again.load('c')]).toEqual(['10', '1', null])
  })

  test('consumers do not see each other', async () => {
    const positions = make()
    const opened = await positions.open('views', 'stream@1')
    opened.save('a', '9')
    await opened.flush()
    expect((await positions.open('search', 'stream@1')).load('a')).toBeNull()
  })

  test('a position is void in another incarnation of the stream', async () => {
    const positions = make()
    const opened = await positions.open('views', 'stream@1')
    opened.save('a', '9')
    await opened.flush()
    expect((await positions.open('views', 'stream@2')).load('a')).toBeNull()
  })

  test('flushing when nothing was saved succeeds', async () => {
    await expect((await make().open('views', 'stream@1')).flush()).resolves.toBeUndefined()
  })
})

describe('positions in files', () => {
  test('many saves end in one whole file that holds the last ones', async () => {
    const opened = await filePositions(directory, silentLogger).open('views', 'stream@1')
    for (let number = 1; number <= 500; number += 1) opened.save(`shard-${number % 16}`, String(number))
    await opened.flush()
    const { shards } = JSON.parse(await readFile(join(directory, 'views.json'), 'utf8'))
    expect(Object.keys(shards)).toHaveLength(16)
    expect(shards).toMatchObject({ 'shard-4': '500', 'shard-5': '485' })
    expect(await readdir(directory)).toEqual(['views.json'])
  })

  test.each(['', '{"incarnation": "stream@1"', '{"incarnation": 1, "shards": {}}', '[]'])(
    'a damaged file (%s) means starting from the beginning, said loudly',
    async (text) => {
      await writeFile(join(directory, 'views.json'), text)
      const errors: string[] = []
      const log = { ...silentLogger, error: (message: string) => errors.push(message) }
      const opened = await filePositions(directory, log).open('views', 'stream@1')
      expect(opened.load('a')).toBeNull()
      expect(errors).toHaveLength(1)
    },
  )

  test('a position that cannot be written is reported, and written as soon as that is possible', async () => {
    const errors: string[] = []
    const log = { ...silentLogger, error: (message: string) => errors.push(message) }
    const gone = join(directory, 'gone')
    const opened = await filePositions(gone, log).open('views', 'stream@1')
    await rm(gone, { recursive: true })
    opened.save('a', '1')
    await expect(opened.flush()).rejects.toThrow('ENOENT')
    await expect(opened.flush()).rejects.toThrow('ENOENT')
    expect(errors).toEqual(['cannot save positions'])
    await mkdir(gone)
    await opened.flush()
    expect((await filePositions(gone, log).open('views', 'stream@1')).load('a')).toBe('1')
  })
})
