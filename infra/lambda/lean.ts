import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Plugin } from 'esbuild'

/** Parts of dependencies by their files, and what stands in their place: functions use none of them. */
const REPLACED: ReadonlyArray<{ readonly file: RegExp; readonly by: string }> = [
  // A function's credentials stand in its environment; the other places where the SDK looks are not asked.
  {
    file: /@aws-sdk\/credential-provider-node\/dist-\w+\/index\.js$/,
    by: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'`,
  },
  // All of OpenSearch's API but what `infra/search` calls.
  {
    file: /@opensearch-project\/opensearch\/api\/(?!_core|cluster|indices)\w+\/_api\.js$/,
    by: 'module.exports = class {}',
  },
  // Loads migrations that are written in TypeScript.
  { file: /\/jiti\/lib\/jiti\.\w+$/, by: 'export const createJiti = () => ({})' },
]

/**
 * A client's schemas of all its operations, as esbuild can leave out those that are not called: with the names of properties in place
 * of constants that hold them, which might do anything when they are read.
 */
const withPlainNames = (schemas: string): string => {
  const names = new Map([...schemas.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]))
  return schemas.replaceAll(/\[(_\w+)\]:/g, (found, name) => (names.has(name) ? `${names.get(name)}:` : found))
}

/** Leaves out of bundles what dependencies bring along and no function uses. */
export const lean: Plugin = {
  name: 'lean',
  setup: (build) => {
    build.onLoad({ filter: /\/(credential-provider-node|opensearch|jiti)\// }, ({ path }) => {
      const replaced = REPLACED.find(({ file }) => file.test(path))
      return replaced && { contents: replaced.by, resolveDir: dirname(path) }
    })
    build.onLoad({ filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => ({
      contents: withPlainNames(await readFile(path, 'utf8')),
      resolveDir: dirname(path),
    }))
    // Of CommonJS esbuild can leave out nothing; the same modules are there as ESM.
    build.onResolve({ filter: /^fp-ts\/lib\// }, ({ path, kind, resolveDir }) =>
      build.resolve(path.replace('/lib/', '/es6/'), { kind, resolveDir }),
    )
  },
}
