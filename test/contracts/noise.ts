/** Text of this many characters that no packing makes much shorter: base 36, so about two thirds of it are left. */
export const noise = (length: number, seed = 0): string => {
  const parts: string[] = []
  for (let made = 0, i = 1; made < length; i += 1) {
    const part = Math.abs(Math.sin(seed * 1e6 + i))
      .toString(36)
      .slice(2, 10)
    parts.push(part)
    made += part.length
  }
  return parts.join('').slice(0, length)
}
