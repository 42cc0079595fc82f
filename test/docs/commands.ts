import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'

const ROOT = join(import.meta.dirname, '../..')

/** Texts that users read, by path. */
export const texts = (): ReadonlyArray<{ readonly path: string; readonly text: string }> =>
  ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT, exclude: ['docs/decisions/**'] })]
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** What stands in a text as code: the lines of blocks, and what stands between backticks. */
export const codeIn = (text: string): ReadonlyArray<string> => {
  const blocks = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) => block.split('\n'))
  const inline = [...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...blocks, ...inline].map((line) => line.trim())
}

const DAYBOOK = /(?:^|\$\()(?:npm run --silent )?daybook(?: --)? ([^)]*)/

/** The arguments of each call of `daybook` in a text. */
export const daybookCallsIn = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  codeIn(text).flatMap((line) => {
    const call = DAYBOOK.exec(line)?.[1]
    return call === undefined ? [] : [call.split(/\s+/)]
  })

/** What in a call the program does not know: a command, or an option of it. */
export const unknownIn = (program: Command, call: ReadonlyArray<string>): ReadonlyArray<string> => {
  let command = program
  for (const word of call) {
    const next = command.commands.find((one) => one.name() === word)
    if (next === undefined) break
    command = next
  }
  const known = [...program.options, ...command.options].flatMap(({ long, short }) => [long, short])
  const options = call.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/[=.,;].*/, ''))
  const unknown = options.filter((option) => option !== '--help' && !known.includes(option))
  return command.commands.length > 0 && call[0]?.startsWith('-') !== true ? [call.join(' '), ...unknown] : unknown
}
