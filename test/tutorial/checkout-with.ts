import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToldFile } from './told.ts'

const namesIn = async (directory: string): Promise<ReadonlyArray<string>> =>
  (await readdir(directory).catch(() => [])).filter((name) => !name.startsWith('.') && name !== 'node_modules')

/** Links what stands in `from`; folders into which a file comes are real, with links to their neighbours. Overwrites nothing. */
const mirror = async (from: string, to: string, files: ReadonlyArray<ToldFile>): Promise<void> => {
  const byName = Map.groupBy(files, ({ path }) => path.split('/')[0] ?? '')
  const names = new Set([...byName.keys(), ...(await namesIn(from))])
  for (const name of names) {
    const [source, target] = [join(from, name), join(to, name)]
    const below = (byName.get(name) ?? []).filter(({ path }) => path !== name)
    const file = files.find(({ path }) => path === name)
    if (file !== undefined && (await namesIn(from)).includes(name)) throw new Error(`${source} exists already`)
    if (file !== undefined) await writeFile(target, file.text, { flag: 'wx' })
    else if (below.length === 0) await symlink(source, target)
    else {
      await mkdir(target)
      await mirror(
        source,
        target,
        below.map(({ path, text }) => ({ path: path.slice(name.length + 1), text })),
      )
    }
  }
}

/**
 * A checkout like the one at `root`, with these files beside its own: a temporary folder inside, where their imports find what
 * they name. Both share every module of the core.
 */
export const checkoutWith = async (root: string, files: ReadonlyArray<ToldFile>) => {
  const directory = await mkdtemp(join(root, '.tutorial-'))
  const options = { extends: '../tsconfig.json', include: [], files: files.map(({ path }) => path) }
  const sources = { ...options, files: options.files.filter((path) => path.endsWith('.ts')) }
  const config = { path: 'tsconfig.tutorial.json', text: JSON.stringify(sources) }
  await mirror(root, directory, [...files, config])
  return { directory, config: join(directory, config.path), remove: () => rm(directory, { recursive: true }) }
}
