import type { Command } from 'commander'
import { codeOf, Failure } from '../failure.ts'
import { type Imported, importInvoices } from '../import/import-invoices.ts'
import { patience } from '../import/patience.ts'
import { readRows } from '../import/rows.ts'
import { sender } from '../import/send.ts'
import { summary } from '../import/summary.ts'
import type { Report } from '../import/tally.ts'
import { baseUrl, tokenSource } from '../instance.ts'
import { stopOnInterrupt } from '../interrupt.ts'
import { type GlobalOptions, parseConcurrency, parseCurrency, parseTenant } from '../options.ts'
import { printJson } from '../output.ts'
import { progressOn } from '../progress.ts'
import { httpTransport, type Transport } from '../transport.ts'

type Options = GlobalOptions & { readonly tenant: string; readonly currency: string; readonly concurrency: number }

/** How long a server may be away (a restart takes seconds) before the run gives up. */
const PATIENCE_MS = 20_000

/** Otherwise the run would wait for a server that was never there as for one that restarts. */
const expectServer = async (url: string, transport: Transport): Promise<void> => {
  await transport.get('/health/live').catch((error) => {
    if (codeOf(error) === 'ECONNREFUSED') throw new Failure(`no server listens at ${url}: start it with npm start`)
  })
}

const runImport = async (file: string, options: Options): Promise<Imported> => {
  const { tenant, currency, concurrency } = options
  const url = await baseUrl(options)
  const token = await tokenSource(options, { tenant, subject: 'importer', roles: ['integration'] })
  const clock = () => performance.now()
  const stop = new AbortController()
  stopOnInterrupt(stop)
  const transport = httpTransport(url, concurrency)
  const untilGone = patience(PATIENCE_MS, clock)
  const progress = progressOn(process.stderr)
  const { signal } = stop
  try {
    await expectServer(url, transport)
    return await importInvoices({
      read: () => readRows(file, signal),
      currency,
      concurrency,
      send: sender({ url, transport, token, patience: untilGone, random: Math.random, stop: signal }),
      stop,
      progress,
      clock,
    })
  } finally {
    progress.end()
    transport.close()
  }
}

const rejectedIn = ({ rejections, malformed, invoices }: Report): Failure | null => {
  const faults = [
    ...(malformed.length > 0 ? [`${malformed.length} malformed rows (${invoices.skipped} invoices skipped)`] : []),
    ...(rejections.length > 0 ? [`${rejections.length} rejections`] : []),
  ]
  return faults.length > 0 ? new Failure(`not everything was imported: ${faults.join(', ')}`) : null
}

/** `import online-retail FILE[.gz] --tenant T` */
export const addImportOnlineRetail = (program: Command): void => {
  program
    .command('import')
    .description('bring data of other systems in')
    .command('online-retail')
    .description('import invoices in the columns of UCI Online Retail; run again to resume, nothing is doubled')
    .argument('<file>', 'CSV in UTF-8, plain or gzip')
    .requiredOption('--tenant <tenant>', 'whose invoices they are', parseTenant)
    .option('--currency <code>', 'currency of rows that do not name theirs', parseCurrency, 'GBP')
    .option('--concurrency <count>', 'requests at a time', parseConcurrency, 8)
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { report, failure } = await runImport(file, options)
      if (options.json) printJson(report)
      else process.stdout.write(summary(report))
      const end = failure ?? rejectedIn(report)
      if (end !== null) throw end
    })
}
