import * as E from 'fp-ts/lib/Either.js'
import { Failure, reasonOf } from '../failure.ts'
import type { Progress } from '../progress.ts'
import { assembleInvoices } from './assemble.ts'
import { forEachAtOnce } from './at-once.ts'
import type { Catalogue } from './catalogue.ts'
import { type Command, documentsOf, type Invoice, kindOf, productCommand } from './documents.ts'
import type { ReadRows } from './rows.ts'
import type { Outcome } from './send.ts'
import { surveyRows } from './survey.ts'
import { type Report, tally } from './tally.ts'

export type ImportDependencies = {
  readonly read: ReadRows
  /** Of rows that do not name theirs; ISO 4217. */
  readonly currency: string
  /** Requests at a time. */
  readonly concurrency: number
  readonly send: (command: Command) => Promise<Outcome>
  /** Aborted from outside to end the run early, and by the run itself when it cannot go on. */
  readonly stop: AbortController
  readonly progress: Progress
  /** Milliseconds since whenever. */
  readonly clock: () => number
}

export type Imported = {
  readonly report: Report
  /** Why the run ended before the end of the file. */
  readonly failure: Failure | null
}

type Deliver = (command: Command) => Promise<void>

/** Each product once, ahead of the first document that needs it; other documents that need it wait for the same answer. */
const productsFirst = (catalogue: Catalogue, deliver: Deliver): Deliver => {
  const delivered = new Map<string, Promise<void>>()
  return async (command) => {
    for (const sku of command.skus) {
      const product = catalogue.get(sku)
      if (product === undefined) continue
      const delivering = delivered.get(sku) ?? deliver(productCommand(product))
      delivered.set(sku, delivering)
      await delivering
    }
    await deliver(command)
  }
}

const failureOf = ({ signal }: AbortController): Failure | null => {
  if (!signal.aborted) return null
  return signal.reason instanceof Failure ? signal.reason : new Failure(reasonOf(signal.reason))
}

/**
 * Reads the rows twice: once to know products and the length of invoices, once to send each invoice when it is complete.
 * Throws `Failure` when the file cannot be read; whatever ends the run later is answered beside the report.
 */
export const importInvoices = async (deps: ImportDependencies): Promise<Imported> => {
  const { read, currency, concurrency, send, stop, progress, clock } = deps
  const began = clock()
  const survey = await surveyRows(read, currency, progress)
  const results = tally()
  const deliver = productsFirst(survey.catalogue, async (command) =>
    results.count(command.kind, command.id, await send(command)),
  )
  const importInvoice = async (invoice: Invoice): Promise<void> => {
    const documents = documentsOf(invoice)
    if (E.isLeft(documents)) {
      const message = documents.left.join('; ')
      results.count(kindOf(invoice.number), invoice.number, { _tag: 'Rejected', code: 'not_expressible', message })
    } else {
      for (const command of documents.right.commands) await deliver(command)
      for (const message of documents.right.notes) results.note(invoice.number, message)
    }
    progress.advance()
  }
  progress.begin('invoices', survey.invoices.size)
  await forEachAtOnce(assembleInvoices(read, survey), concurrency, stop, importInvoice)
  progress.end()
  const failure = failureOf(stop)
  return { report: results.report(survey, failure === null, (clock() - began) / 1_000), failure }
}
