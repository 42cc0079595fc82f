import * as t from 'io-ts'
import { INVOICING, type InvoicingAgenda } from '../../commands/invoicing/invoicing.ts'
import type { Step } from '../../commands/processes/process.ts'
import { IntegerColumn, select } from '../../read-api/rows.ts'
import { type AutomaticInvoicing, automaticInvoicingIn } from '../../schemas/flags.ts'
import type { Flags } from '../flags/port.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'
import type { Asked } from '../postgres/statement.ts'

/** `at_ms`: what put the step on the agenda, milliseconds since 1970. */
const DueRow = t.strict({ tenant: t.string, subject: t.string, order_id: t.string, at_ms: IntegerColumn })

const notSetAside = (kind: string, subject: string): string => `NOT EXISTS (
         SELECT FROM refused_steps r
          WHERE (r.process, r.kind, r.tenant, r.subject) = ('${INVOICING}', '${kind}', o.tenant, ${subject}))`

/** $1: placed since, ms. $2: of these tenants, or all. $3: at, and no later. $4 to $6: behind that place. $7: so many. */
const TO_ISSUE = `
  SELECT o.tenant, o.order_id AS subject, o.order_id, o.placed_at_ms AS at_ms
    FROM invoicing_orders o
   WHERE o.placed > 0 AND o.cancelled = 0 AND o.invoices = 0
     AND o.placed_at_ms >= $1 AND ($2::text[] IS NULL OR o.tenant = ANY ($2)) AND o.placed_at_ms <= $3
     AND (o.placed_at_ms, o.tenant, o.order_id) > ($4::bigint, $5::text, $6::text)
     AND ${notSetAside('issue', 'o.order_id')}
   ORDER BY o.placed_at_ms, o.tenant, o.order_id
   LIMIT $7`

const TO_VOID = `
  SELECT o.tenant, i.invoice_id AS subject, o.order_id, o.cancelled_at_ms AS at_ms
    FROM invoicing_orders o JOIN invoicing_invoices i ON (i.tenant, i.order_id) = (o.tenant, o.order_id)
   WHERE o.cancelled > 0 AND o.open_invoices > 0
     AND o.placed_at_ms >= $1 AND ($2::text[] IS NULL OR o.tenant = ANY ($2)) AND o.cancelled_at_ms <= $3
     AND (o.cancelled_at_ms, o.tenant, i.invoice_id) > ($4::bigint, $5::text, $6::text)
     AND ${notSetAside('void', 'i.invoice_id')}
   ORDER BY o.cancelled_at_ms, o.tenant, i.invoice_id
   LIMIT $7`

const HOUR_MS = 3_600_000

/**
 * What invoicing has to do, by its view; nothing while its flag is off. @param asked sees the rows of every tenant (`projectorPool`).
 */
export const invoicingAgenda = (asked: Asked, flags: Flags): InvoicingAgenda => {
  const dueBy =
    (sql: string, waitOf: (terms: AutomaticInvoicing) => number): InvoicingAgenda['toIssue'] =>
    async (now, after, limit) => {
      const terms = automaticInvoicingIn(await flags.current())
      if (terms === undefined) return []
      const wait = waitOf(terms)
      const { since, tenants } = terms
      const rows = await select(asked, DueRow, sql, [
        Date.parse(since),
        tenants === undefined ? null : arrayLiteral(tenants),
        now.getTime() - wait,
        after === null ? -1 : Date.parse(after.dueAt) - wait,
        after?.tenant ?? '',
        after?.subject ?? '',
        limit,
      ])
      return rows.map(
        (row): Step => ({
          tenant: row.tenant,
          subject: row.subject,
          dueAt: new Date(row.at_ms + wait).toISOString(),
          cause: { tenant: row.tenant, type: 'order', id: row.order_id },
        }),
      )
    }
  return {
    toIssue: dueBy(TO_ISSUE, ({ afterHours }) => Math.round(afterHours * HOUR_MS)),
    toVoid: dueBy(TO_VOID, () => 0),
  }
}
