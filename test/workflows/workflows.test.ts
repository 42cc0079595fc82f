import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import daybook from '../../package.json' with { type: 'json' }
import { decode } from '../../schemas/decode.ts'

const ROOT = join(import.meta.dirname, '../..')

const Permissions = t.record(t.string, t.keyof({ read: null, write: null }))
const Step = t.partial({ uses: t.string, run: t.string })
const Job = t.intersection([
  t.partial({ permissions: Permissions, uses: t.string, needs: t.union([t.string, t.array(t.string)]) }),
  t.partial({ steps: t.array(Step), 'timeout-minutes': t.number }),
])
const Workflow = t.type({
  name: t.string,
  on: t.UnknownRecord,
  permissions: Permissions,
  jobs: t.record(t.string, Job),
})

const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT })
  .toSorted()
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const workflow = decode(Workflow, parse(text))
    if (E.isLeft(workflow)) throw new Error(`${path}: ${workflow.left.map((fault) => Object.values(fault).join(' '))}`)
    const jobs = Object.values(workflow.right.jobs)
    return { path, text, workflow: workflow.right, jobs, steps: jobs.flatMap(({ steps = [] }) => steps) }
  })

test('the workflows are there', () => {
  expect(workflows.map(({ workflow }) => workflow.name)).toEqual(
    expect.arrayContaining(['check', 'deploy', 'rollback', 'security']),
  )
})

describe.each(workflows)('$path', ({ text, workflow, jobs, steps }) => {
  test('runs only scripts and files that are there', () => {
    for (const { run = '' } of steps) {
      for (const [, script = ''] of run.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
        expect(daybook.scripts).toHaveProperty([script])
      if (run.startsWith('.ci/')) expect(existsSync(join(ROOT, run))).toBe(true)
    }
    for (const { uses } of jobs) if (uses !== undefined) expect(existsSync(join(ROOT, uses))).toBe(true)
  })

  test('waits only for jobs that are there', () => {
    for (const { needs = [] } of jobs)
      expect(Object.keys(workflow.jobs)).toEqual(expect.arrayContaining([needs].flat()))
  })

  test('uses actions at a version, and none that follows a branch', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w./-]+@(v\d+|[0-9a-f]{40})$/)
  })

  test('may write nothing but what its purpose is', () => {
    const granted = [workflow.permissions, ...jobs.map(({ permissions = {} }) => permissions)]
    const written = granted.flatMap((one) => Object.keys(one).filter((name) => one[name] === 'write'))
    expect(['id-token', 'security-events']).toEqual(expect.arrayContaining(written))
  })

  test('knows no secret that outlives it, and puts nobody’s text into a shell', () => {
    expect(text).not.toMatch(/secrets\.|AWS_SECRET|AWS_ACCESS_KEY|aws-access-key/)
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })

  test('ends its jobs in time', () => {
    for (const { uses, 'timeout-minutes': minutes = 360 } of jobs)
      if (uses === undefined) expect(minutes).toBeLessThanOrEqual(90)
  })
})
