import * as E from 'fp-ts/lib/Either.js'
import { jcs } from '../../infra/event-store/canonical.ts'
import { sha256 } from '../../infra/event-store/hash.ts'
import { invoices } from '../aggregates.ts'
import type { TransactionDependencies } from '../execute-transaction.ts'
import { problemOf } from '../http/failures.ts'
import { rejected } from '../http/rejections.ts'
import type { Process, Settled, Step, StepKind, StepRequest } from '../processes/process.ts'
import { issueInvoice, voidInvoice } from './invoices.ts'

export const INVOICING = 'invoicing'

/** What invoicing asks its view. Subjects of `toIssue` are orders, those of `toVoid` invoices. */
export type InvoicingAgenda = { readonly toIssue: StepKind['due']; readonly toVoid: StepKind['due'] }

/** What the view will say as soon as it has caught up. */
const MOOT: ReadonlyArray<string> = ['order_cancelled', 'order_already_invoiced', 'invoice_voided']

const settledOf = (done: Awaited<ReturnType<ReturnType<typeof issueInvoice>>>): Settled => {
  if (E.isRight(done)) return { _tag: done.right.replayed ? 'Moot' : 'Done' }
  const { code, title, status } = problemOf(done.left, rejected)
  if (status === 503) return { _tag: 'Later' }
  return MOOT.includes(code) ? { _tag: 'Moot' } : { _tag: 'Refused', reason: `${code}: ${title}` }
}

/** Follows from the order, so that whoever takes the step again finds the invoice that there is. */
const invoiceIdFor = ({ tenant, subject }: Step): string => sha256(jcs([tenant, INVOICING, subject])).slice(0, 32)

/**
 * Orders are invoiced after a while, unless they are cancelled before (a timeout), and the invoice of one that is cancelled later is
 * voided (a compensation). Whether, for whom and after how long, the agenda knows.
 */
export const invoicing = (
  deps: TransactionDependencies & { readonly clock: () => Date },
  { toIssue, toVoid }: InvoicingAgenda,
): Process => {
  const aboutInvoice = ({ tenant }: Step, id: string, request: StepRequest, creates: boolean) => ({
    ...request,
    stream: { tenant, type: invoices.streamType, id },
    creates,
  })
  const now = (): string => deps.clock().toISOString()
  return {
    name: INVOICING,
    kinds: {
      issue: {
        due: toIssue,
        take: async (step, request) =>
          settledOf(
            await issueInvoice(deps)(aboutInvoice(step, invoiceIdFor(step), request, true), step.subject, now()),
          ),
      },
      void: {
        due: toVoid,
        take: async (step, request) =>
          settledOf(
            await voidInvoice(deps)(aboutInvoice(step, step.subject, request, false), 'its order was cancelled', now()),
          ),
      },
    },
  }
}
