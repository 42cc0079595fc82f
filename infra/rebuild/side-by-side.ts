/**
 * Does work on all inputs side by side. When one fails the others are told to stop, and it rejects only when all have ended: nobody
 * goes on behind the back of whoever takes the failure for the end.
 */
export const sideBySide = async <A>(
  inputs: ReadonlyArray<A>,
  signal: AbortSignal,
  work: (input: A, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let first: { readonly failure: unknown } | undefined
  await Promise.all(
    inputs.map((input) =>
      work(input, either).catch((failure: unknown) => {
        first ??= { failure }
        stop.abort(failure)
      }),
    ),
  )
  if (first !== undefined) throw first.failure
}
