/** What a handler answers, as Lambda understands it (function response type ReportBatchItemFailures). */
export type BatchResponse =
  | { readonly batchItemFailures?: ReadonlyArray<{ readonly itemIdentifier?: string | null }> | null }
  | null
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing succeeded
  | void

/**
 * Index of the first record to deliver again; `sequenceNumbers.length` when all are done. The lowest failed record counts;
 * an identifier that names none of the records fails the whole batch (Lambda Developer Guide, "Configuring partial batch
 * response with DynamoDB and Lambda").
 */
export const firstFailure = (sequenceNumbers: ReadonlyArray<string>, response: BatchResponse): number => {
  const failures = response?.batchItemFailures ?? []
  const indexes = failures.map(({ itemIdentifier }) => sequenceNumbers.indexOf(itemIdentifier ?? ''))
  return Math.max(0, Math.min(sequenceNumbers.length, ...indexes))
}
