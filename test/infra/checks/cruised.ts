import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'

const root = join(import.meta.dirname, '../../..')

type Rules = { readonly forbidden: ReadonlyArray<Rule>; readonly options: object }
type Rule = { readonly name: string; readonly from: Place; readonly to: Place }
type Place = { readonly path?: string | string[]; readonly pathNot?: string | string[] }

export const rules: Rules = JSON.parse(readFileSync(join(root, '.dependency-cruiser.json'), 'utf8'))

/** What the rules of this project say of these folders of a tree like its own; links stand for what they lead to. */
export const cruised = async (directory: string, folders: ReadonlyArray<string>) => {
  const { output } = await cruise([...folders], {
    ...rules.options,
    baseDir: directory,
    preserveSymlinks: true,
    ruleSet: { forbidden: [...rules.forbidden] },
    validate: true,
  })
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered text: ${output}`)
  return {
    modules: output.modules.map(({ source }) => source),
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  }
}
