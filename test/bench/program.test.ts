import { afterEach, describe, expect, it, vi } from 'vitest'
import { run } from './program.ts'

const signal = new AbortController().signal

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the command line of the benchmarks', () => {
  it('refuses a suite that it does not know, naming those that it does', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(await run(['nonsense'], signal)).toBe(2)
    expect(String(stderr.mock.calls[0]?.[0])).toMatch(/Allowed choices are .*e2e/)
  })

  it('refuses an option that it does not know', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(await run(['e2e', '--slowly'], signal)).toBe(2)
  })

  it('explains itself', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    expect(await run(['--help'], signal)).toBe(0)
    expect(String(stdout.mock.calls[0]?.[0])).toContain('--quick')
  })
})
