/**
 * Runs `work`, then whatever it has left to clean up, last first, also when it fails. (A function, because the parser of the
 * layer check does not know `await using`.)
 */
export const cleaningUp = async <A>(work: (cleanUp: AsyncDisposableStack) => Promise<A>): Promise<A> => {
  const cleanUp = new AsyncDisposableStack()
  try {
    return await work(cleanUp)
  } finally {
    await cleanUp.disposeAsync()
  }
}
