import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'

const Violation = t.type({
  ruleName: t.string,
  description: t.string,
  violatingConstructs: t.array(t.type({ constructPath: t.string })),
})
const Report = t.type({ pluginReports: t.array(t.type({ violations: t.array(Violation) })) })

/**
 * What AWS' own rules (cdk-nag) and CloudFormation's find in templates and nobody has explained, warnings among them: one line each.
 * @param directory that the app was synthesised to.
 */
export const findingsIn = (directory: string): ReadonlyArray<string> => {
  const report = decode(Report, JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')))
  if (E.isLeft(report))
    throw new Error(`${directory} holds another report than this CDK writes: ${JSON.stringify(report.left)}`)
  return report.right.pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, description, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${constructPath}: ${ruleName} ${description}`),
    )
}
