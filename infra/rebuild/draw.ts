/** FNV-1a, 32 bits (RFC 9923), over UTF-16 code units: which rows are drawn does not depend on who draws. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Draws one row in so many, by its key alone, so that every change of a drawn row is drawn. */
export const drawing =
  (oneIn: number): ((rowKey: string) => boolean) =>
  (rowKey) =>
    hashOf(rowKey) % oneIn === 0
