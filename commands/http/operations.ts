import type { Operation } from '../../schemas/endpoint.ts'
import { adjustmentOperations } from './adjustments.ts'
import { creditNoteOperations } from './credit-notes.ts'
import { invoiceOperations } from './invoices.ts'
import { orderOperations } from './orders.ts'
import { processStepOperations } from './process-steps.ts'
import { productOperations } from './products.ts'
import { stockOperations } from './stock.ts'
import type { WriteDependencies } from './write.ts'

/** Every write of the HTTP API. */
export const commandOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  ...productOperations(deps),
  ...stockOperations(deps),
  ...orderOperations(deps),
  ...creditNoteOperations(deps),
  ...adjustmentOperations(deps),
  ...invoiceOperations(deps),
  ...processStepOperations(deps),
]
