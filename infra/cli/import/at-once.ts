/**
 * Runs `work` on every item, `width` at a time, beginning them in order. When one throws, `stop` is aborted with what was
 * thrown. Once it is aborted, by whomever, no more begin; those under way are waited for.
 */
export const forEachAtOnce = async <A>(
  items: AsyncIterator<A>,
  width: number,
  stop: AbortController,
  work: (item: A) => Promise<void>,
): Promise<void> => {
  const worker = async (): Promise<void> => {
    try {
      while (!stop.signal.aborted) {
        const next = await items.next()
        if (next.done === true) return
        await work(next.value)
      }
    } catch (error) {
      stop.abort(error)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  await items.return?.()
}
