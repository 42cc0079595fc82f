import { readFileSync } from 'node:fs'
import { cruise, type ICruiseOptions } from 'dependency-cruiser'

/** Fewer modules than this, and the parser saw nothing: no violation would then mean nothing. */
const FEWEST_MODULES = 100

const {
  forbidden,
  options,
}: { forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden']; options: ICruiseOptions } = JSON.parse(
  readFileSync('.dependency-cruiser.json', 'utf8'),
)

const { output } = await cruise(['domain', 'schemas', 'commands', 'projections', 'read-api', 'infra', 'test'], {
  ...options,
  ...(forbidden && { ruleSet: { forbidden } }),
  validate: true,
})
if (typeof output === 'string') throw new Error(`dependency-cruiser answered text: ${output}`)

const { violations, totalCruised } = output.summary
for (const { rule, from, to, cycle } of violations) {
  const comment = forbidden?.find(({ name }) => name === rule.name)?.comment ?? ''
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ')
  process.stderr.write(`${rule.name}: ${from} -> ${path}\n  ${comment}\n`)
}
if (totalCruised < FEWEST_MODULES) {
  process.stderr.write(
    `only ${totalCruised} modules were seen: the layer check is blind, see parser in .dependency-cruiser.json\n`,
  )
}
process.stdout.write(`layers: ${totalCruised} modules, ${violations.length} violations\n`)
process.exitCode = violations.length === 0 && totalCruised >= FEWEST_MODULES ? 0 : 1
