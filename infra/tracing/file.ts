import { appendFile, rename, stat } from 'node:fs/promises'

/** Two files of this size at most: the present one, and the one before it (`….1`). */
const LARGEST = 5 * 1024 * 1024

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

/** Appends to a file that only this process writes; when it is full it is put aside, and the one put aside before is dropped. */
export const boundedFile = (file: string, largest = LARGEST): ((text: string) => Promise<void>) => {
  let size: Promise<number> | number = sizeOf(file)
  return async (text) => {
    size = await size
    if (size > 0 && size + Buffer.byteLength(text) > largest) {
      await rename(file, `${file}.1`)
      size = 0
    }
    await appendFile(file, text)
    size += Buffer.byteLength(text)
  }
}
