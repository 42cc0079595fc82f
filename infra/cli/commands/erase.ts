import type { Command } from 'commander'
import * as t from 'io-ts'
import { postOperation } from '../operations.ts'
import { type GlobalOptions, parseClientId, parseReason, parseTenant } from '../options.ts'
import { printJson } from '../output.ts'

type Options = GlobalOptions & { readonly tenant: string; readonly subject: string; readonly reason: string }

const Forgotten = t.strict({
  keyId: t.string,
  pseudonym: t.string,
  erasedAt: t.string,
  rows: t.number,
  abandonedReplays: t.array(t.string),
})

const inWords = ({ pseudonym, erasedAt, rows, abandonedReplays }: t.TypeOf<typeof Forgotten>): string =>
  [
    `forgotten since ${erasedAt}; ${rows} rows of views name ${pseudonym} instead`,
    ...abandonedReplays.map((name) => `a replay of ${name} was not finished and was dropped: begin it anew`),
  ]
    .map((line) => `${line}\n`)
    .join('')

/** `erase --tenant T --subject S` */
export const addErase = (program: Command): void => {
  program
    .command('erase')
    .description('forget a customer: destroys the key of all that is stored about it; there is no way back')
    .requiredOption('--tenant <tenant>', 'whose customer it is', parseTenant)
    .requiredOption('--subject <id>', 'the customer’s id', parseClientId)
    .option('--reason <reason>', 'why; it is kept, and must not name the customer', parseReason, 'asked for')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { tenant, subject, reason, json } = options
      const path = `/v1/subjects/${encodeURIComponent(subject)}/erasure`
      const forgotten = await postOperation(options, tenant, path, { reason }, Forgotten, `forgotten ${subject}`)
      if (json) printJson(forgotten)
      else process.stdout.write(inWords(forgotten))
    })
}
