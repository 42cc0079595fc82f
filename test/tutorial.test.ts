import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { cruised } from './infra/checks/cruised.ts'
import { checkoutWith } from './tutorial/checkout-with.ts'
import { toldIn } from './tutorial/told.ts'

const root = join(import.meta.dirname, '..')
const { files, output } = toldIn(await readFile(join(root, 'docs/tutorial.md'), 'utf8'))
const { directory, config, remove } = await checkoutWith(root, files)
afterAll(remove)

const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.ts'))

/** Rejects, with all that the program said, when it ends with a failure. */
const run = async (program: string, ...parameters: ReadonlyArray<string>): Promise<void> => {
  const running = promisify(execFile)(join(root, 'node_modules/.bin', program), [...parameters], { cwd: root })
  await running.catch(({ stdout, stderr }) => {
    throw new Error(`${program} ${parameters.join(' ')}\n${stdout}${stderr}`)
  })
}

// The tutorial's own tests become tests of this file: they run its code on real engines and say what it answers.
for (const path of sources.filter((path) => path.endsWith('.test.ts'))) {
  await import(join(directory, path)).catch(async (error: unknown) => {
    await remove()
    throw error
  })
}

describe('the tutorial', () => {
  test('adds a domain to the core in at most six files', () => {
    expect(files.map(({ path }) => path.split('/')[0])).toEqual(
      expect.arrayContaining(['schemas', 'domain', 'projections', 'read-api', 'infra']),
    )
    expect(files.length).toBeLessThanOrEqual(6)
  })

  test('compiles under the options of this project', () => run('tsc', '-p', config))

  test('is written as this project is', () =>
    run('biome', 'check', '--vcs-enabled=false', ...sources.map((path) => join(directory, path))))

  test('keeps to the layers of this project', async () => {
    const { modules, violations } = await cruised(directory, ['domain', 'schemas', 'projections', 'read-api', 'test'])
    expect(modules).toEqual(expect.arrayContaining(sources))
    expect(violations).toEqual([])
  })

  test('says what its tests say when they run', ({ task }) => {
    const told = task.file.tasks.filter(({ type }) => type === 'test')
    expect(told.map(({ name, result }) => `${result?.state === 'pass' ? '✓' : '×'} ${name}\n`).join('')).toBe(output)
  })
})
