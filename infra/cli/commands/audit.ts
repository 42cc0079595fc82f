import { type Command, Option } from 'commander'
import { exportTrail, FORMATS } from '../../audit/export/export.ts'
import type { Filter } from '../../audit/export/filter.ts'
import { verifyExport } from '../../audit/verify/export.ts'
import type { Finding } from '../../audit/verify/finding.ts'
import { verifyLive } from '../../audit/verify/live.ts'
import { onTrail } from '../audit/on-trail.ts'
import { type ExportOptions, parseFrom, parseTo, type VerifyOptions } from '../audit/options.ts'
import { trustedKey } from '../audit/public-key.ts'
import { Failure } from '../failure.ts'
import { type GlobalOptions, parseStream, parseSubject, parseTenant } from '../options.ts'
import { oneLine, printJson } from '../output.ts'

const filterOf = ({ actor, stream, type, correlation }: ExportOptions): Filter => ({
  ...(actor !== undefined && { actor }),
  ...(stream !== undefined && { stream: `${stream.type}/${stream.id}` }),
  ...(type !== undefined && { type }),
  ...(correlation !== undefined && { correlation }),
})

const addExport = (audit: Command): void => {
  audit
    .command('export')
    .description(
      "export a tenant's commits with all that it takes to verify them without this instance (docs/audit.md)",
    )
    .requiredOption('--tenant <tenant>', 'whose commits', parseTenant)
    .option('--from <time>', 'from this day or time on', parseFrom)
    .option('--to <time>', 'to this day, as a whole, or until this time; default now', parseTo)
    .option('--actor <subject>', 'only what this subject did', parseSubject)
    .option('--stream <type/id>', 'only this stream', parseStream)
    .option('--type <event>', 'only commits with events of this type')
    .option('--correlation <id>', 'only what one request did')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('jsonl'))
    .option('--gzip', 'pack the commits')
    .requiredOption('--out <dir>', 'where to: a directory that is not there yet')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>()
      const { tenant, from, to, format, gzip, out: dir, json } = options
      const filter = filterOf(options)
      const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(gzip && { gzip }) }
      const { body } = await onTrail(options, async (trail, progress, signal) => {
        const waiting = (until: Date): void => {
          process.stderr.write(`waiting until every commit before ${until.toISOString()} is certain\n`)
        }
        progress.begin('commits', null)
        const watch = { waiting, onCommit: () => progress.advance(), signal }
        return exportTrail(trail, { tenant, filter, format, dir, ...range }, watch)
      })
      if (json) printJson(body)
      else
        process.stdout.write(`${body.commits} commits, ${body.events} events of ${tenant} until ${body.to} in ${dir}\n`)
    })
}

/** Prints what was verified; fails with the first finding. */
const conclude = (json: boolean, result: { readonly findings: ReadonlyArray<Finding> }, words: string): void => {
  if (json) printJson(result)
  const [first] = result.findings
  if (first !== undefined) throw new Failure(oneLine(`${first.kind}: ${first.where} ${first.message}`))
  if (!json) process.stdout.write(`${words}\n`)
}

const live = async (tenant: string, options: VerifyOptions): Promise<void> => {
  const trusted = await trustedKey(undefined, options)
  const result = await onTrail(options, async (trail, progress, signal) => {
    progress.begin('commits', null)
    return verifyLive(trail, { tenant, trusted, signal, onCommit: () => progress.advance() })
  })
  conclude(
    options.json,
    result,
    `the store holds what was sealed: ${result.digests} digests, ${result.commits} commits of ${tenant}`,
  )
}

const offline = async (dir: string, options: VerifyOptions): Promise<void> => {
  const result = await verifyExport(dir, await trustedKey(dir, options))
  const { manifest } = result
  conclude(
    options.json,
    result,
    `verified: ${manifest?.commits} commits of ${manifest?.tenant} from ${manifest?.from} to ${manifest?.to}`,
  )
}

const addVerify = (audit: Command): void => {
  audit
    .command('verify')
    .description('verify an export by itself, or the event store against its digests; fails with the first finding')
    .argument('[dir]', 'the directory of an export')
    .option('--public-key <file>', 'the key to trust, PEM; default that of the instance under the data directory')
    .option('--live', 'verify the event store of the running instance instead of an export')
    .option('--tenant <tenant>', 'whose commits, with --live', parseTenant)
    .action(async (dir: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>()
      if ((dir === undefined) !== (options.live ?? false))
        command.error('error: name either the directory of an export or --live')
      if (dir !== undefined) return offline(dir, options)
      if (options.tenant === undefined) return command.error('error: --live takes a --tenant')
      return live(options.tenant, options)
    })
}

const addRotateKey = (audit: Command): void => {
  audit
    .command('rotate-key')
    .description('sign with a new key from now on; what the old one has signed stays good')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const { body } = await onTrail(options, ({ keys }) => keys.rotate())
      if (options.json) printJson(body)
      else process.stdout.write(`key ${body.keyId.slice(0, 16)} signs from ${body.validFrom} on\n`)
    })
}

/** `audit export`, `audit verify`, `audit rotate-key` */
export const addAudit = (program: Command): void => {
  const audit = program.command('audit').description('the audit trail: export it, verify it')
  addExport(audit)
  addVerify(audit)
  addRotateKey(audit)
}
