import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../infra/cli/program.ts'
import daybook from '../../package.json' with { type: 'json' }
import { codeIn, daybookCallsIn, texts, unknownIn } from './commands.ts'

const program = createProgram()

describe.each(texts())('$path', ({ path, text }) => {
  test('names only commands and options that daybook has', () => {
    for (const call of daybookCallsIn(text))
      expect([call.join(' '), unknownIn(program, call)]).toEqual([call.join(' '), []])
  })

  test('names only scripts that npm can run', () => {
    for (const code of codeIn(text)) {
      for (const [, script = ''] of code.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
        expect(daybook.scripts).toHaveProperty([script])
      }
    }
  })

  test('links only to what is there', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect([target, existsSync(join(import.meta.dirname, '../..', path, '..', target))]).toEqual([target, true])
    }
  })
})

test('the calls are found, and what the program does not know is told', () => {
  const calls = texts().flatMap(({ text }) => daybookCallsIn(text))
  expect(calls.length).toBeGreaterThan(40)
  const unknownOf = (call: string) => unknownIn(program, call.split(' '))
  expect(unknownOf('replay sales --rollback')).toEqual([])
  expect(unknownOf('replay sales --undo')).toEqual(['--undo'])
  expect(unknownOf('mend')).toEqual(['mend'])
  expect(unknownOf('audit mend --live')).toEqual(['audit mend --live', '--live'])
})

test('each runbook says when, what to do and when it is over', () => {
  const runbooks = texts().filter(({ path }) => path.startsWith('docs/runbooks/') && !path.endsWith('README.md'))
  expect(runbooks).toHaveLength(12)
  for (const { text } of runbooks) for (const part of ['**When**', '## Over when']) expect(text).toContain(part)
})
