import { describe, expect, test } from 'vitest'
import type { Flags } from '../../infra/flags/port.ts'
import type { Logger } from '../../infra/log/logger.ts'

const ON =
  '{"automatic-invoicing":{"enabled":true,"since":"2026-03-01T00:00:00.000Z","afterHours":24,"tenants":["acme"]}}'
const OFF = '{"automatic-invoicing":{"enabled":false}}'
const INVALID = '{"automatic-invoicing":{"enabled":true,"since":"2026-03-01T00:00:00.000Z","afterHours":"24"}}'

export type FlagsUnderTest = {
  readonly flags: Flags
  /** Puts this document in the place of what was there. */
  readonly publish: (text: string) => Promise<void>
  /** Nothing can be read until it is `back`. */
  readonly takeAway: () => Promise<void>
  readonly back: () => Promise<void>
  /** As long passes as values may be old. */
  readonly pass: () => Promise<void>
}

const recordingLog = (): { readonly log: Logger; readonly lines: string[] } => {
  const lines: string[] = []
  const at =
    (level: string): Logger['info'] =>
    (_, { reason = '' } = {}) => {
      lines.push(`${level} ${reason}`.trim())
    }
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, lines }
}

/** What every source of flags promises. `connect` gives one with nothing in it yet. */
export const flagsContract = (name: string, connect: (log: Logger) => Promise<FlagsUnderTest>): void => {
  const connected = async () => {
    const { log, lines } = recordingLog()
    const { flags, pass, ...rest } = await connect(log)
    const later = async () => {
      await pass()
      return flags.current()
    }
    return { flags, later, lines, ...rest }
  }

  describe(`flags of ${name}`, () => {
    test('are what was published last, each in its time', async () => {
      const { publish, flags, later, lines } = await connected()
      await publish(ON)
      expect(await flags.current()).toEqual(JSON.parse(ON))
      expect(await later()).toEqual(JSON.parse(ON))
      await publish(OFF)
      expect(await later()).toEqual(JSON.parse(OFF))
      await publish(ON)
      expect(await later()).toEqual(JSON.parse(ON))
      expect(lines).toEqual([])
    })

    test('are one answer to whoever asks at once', async () => {
      const { publish, flags } = await connected()
      await publish(ON)
      const answers = await Promise.all(Array.from({ length: 10 }, flags.current))
      expect(answers).toEqual(answers.map(() => JSON.parse(ON)))
    })

    test.each([
      ['an attribute is wrong', INVALID, '/automatic-invoicing/afterHours must be a number of hours from 0 to 8760'],
      ['it is no JSON', '{', expect.stringContaining('not JSON')],
      ['it is something else', '[]', expect.stringContaining('the document must be an object of flags')],
    ])('stay as they were where a document is wrong: %s', async (_, text, reason) => {
      const { publish, flags, later, lines } = await connected()
      await publish(ON)
      await flags.current()
      await publish(text)
      for (let asked = 0; asked < 3; asked += 1) expect(await later()).toEqual(JSON.parse(ON))
      expect(lines).toEqual([typeof reason === 'string' ? `error ${reason}` : reason])
      await publish(OFF)
      expect(await later()).toEqual(JSON.parse(OFF))
      expect(lines.slice(1)).toEqual(['info'])
    })

    test('stay as they were while they cannot be read', async () => {
      const { publish, flags, later, takeAway, back, lines } = await connected()
      await publish(ON)
      await flags.current()
      await takeAway()
      for (let asked = 0; asked < 3; asked += 1) expect(await later()).toEqual(JSON.parse(ON))
      expect(lines).toHaveLength(1)
      await back()
      expect(await later()).toEqual(JSON.parse(ON))
      expect(lines.slice(1)).toEqual(['info'])
      await publish(OFF)
      expect(await later()).toEqual(JSON.parse(OFF))
      expect(lines).toHaveLength(2)
    })

    test('are off where they never could be read, and are read once they can', async () => {
      const { publish, takeAway, back, flags, later, lines } = await connected()
      await takeAway()
      expect(await flags.current()).toEqual({})
      expect(await later()).toEqual({})
      expect(lines).toHaveLength(1)
      await back()
      await publish(ON)
      expect(await later()).toEqual(JSON.parse(ON))
    })

    test('are off where the first document is wrong', async () => {
      const { publish, flags } = await connected()
      await publish(INVALID)
      expect(await flags.current()).toEqual({})
    })
  })
}
